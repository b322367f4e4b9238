import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type EmbeddingBody, type RequestLine, stateDirectory } from "@langbatch/core";
import type { Emoji } from "./emojis.js";
import { modelName } from "./model.js";

/** What somebody might say, to show what the search finds. */
export const sayings: readonly string[] = [
  "we are getting married",
  "my heart is broken",
  "let's go camping in the mountains",
  "cooking pasta tonight",
  "something to keep the rain off",
  "I am so tired",
  "it measures temperature",
  "happy new year",
];

/** The request that asks for the vectors of {@link sayings}. */
export const sayingsId = "sayings";

/** How many texts go into one request. */
export const textsPerRequest = 8;

/** Where the requests are, and the key of their batch. */
export interface WrittenRequests {
  readonly file: string;
  readonly key: string;
  readonly count: number;
}

/**
 * Writes the request lines into the state directory. The same emoji have the same file and key in every
 * run, so that they are the same batch; a fresh one has the next.
 */
export async function writeRequests(
  emojis: readonly Emoji[],
  { isFresh }: { readonly isFresh: boolean },
): Promise<WrittenRequests> {
  const lines = [...requestsOf(emojis)].map((request) => `${JSON.stringify(request)}\n`);
  const content = lines.join("");
  const keyOf = (run: number) => `emojis-${emojis.length}-${run}`;
  const fileOf = (run: number) => join(stateDirectory(), `demo-${keyOf(run)}.jsonl`);

  let run = 1;
  while (await exists(fileOf(run + 1))) run += 1;
  const written = await readFile(fileOf(run), "utf8").catch(() => undefined);
  if (written !== undefined && (isFresh || written !== content)) run += 1;
  const file = fileOf(run);
  await mkdir(stateDirectory(), { recursive: true, mode: 0o700 });
  await writeFile(file, content);
  return { file, key: keyOf(run), count: lines.length };
}

/** What the request is called that asks for the emoji from here on. */
export function emojiRequestId(first: number): string {
  return `emoji-${String(first).padStart(4, "0")}`;
}

function* requestsOf(emojis: readonly Emoji[]): Generator<RequestLine<EmbeddingBody>> {
  // Few of them come first, so that they are answered even where somebody soon has enough.
  yield toRequest(sayingsId, sayings);
  for (let first = 0; first < emojis.length; first += textsPerRequest) {
    const texts = emojis.slice(first, first + textsPerRequest).map(({ text }) => text);
    yield toRequest(emojiRequestId(first), texts);
  }
}

function toRequest(customId: string, input: readonly string[]): RequestLine<EmbeddingBody> {
  const body = { model: modelName, input };
  return { custom_id: customId, method: "POST", url: "/v1/embeddings", body };
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
