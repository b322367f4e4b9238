import { LangBatchError } from "@langbatch/core";
import type OpenAI from "openai";
import type { AskedService } from "./asked-service.js";
import type { OpenAIBatch, OpenAIBatchPage } from "./openai-api.js";

/** A list page of the most that OpenAI gives (OpenAI API reference, list batches, `limit`). */
const pageSize = 100;

/** What asks for another page than the first: `{ after: "batch_1" }`. */
export type PageQuery = Readonly<Record<string, string>>;

/** What a page of the list brings, newest first. */
export interface Page {
  readonly batches: readonly OpenAIBatch[];
  /** What asks for the next page; `undefined` where there is none. */
  readonly next: PageQuery | undefined;
  readonly headers: Headers;
}

/**
 * A page of the list of batches. Read without the SDK, to which any answer is a page, and one that is
 * none the last and empty.
 *
 * @throws `incomplete_listing` where what the answer leaves out is not known.
 */
export async function readPage(
  { client, providerId }: AskedService,
  query: PageQuery | undefined,
  options: OpenAI.RequestOptions,
): Promise<Page> {
  const response = await client.batches.list({ limit: pageSize, ...query }, options).asResponse();
  const answer = (await response.json()) as
    | Partial<OpenAIBatchPage>
    | readonly OpenAIBatch[]
    | null;
  const page: Partial<OpenAIBatchPage> = isList(answer) ? bareList(answer) : (answer ?? {});
  if (isList(page.data)) {
    const batches: readonly OpenAIBatch[] = page.data;
    const next = nextOf(page, batches);
    // More is promised, but nothing leads there; or the same page again, from a service that does not
    // know the query and would never come to an end.
    const isStuck = next === "unknown" || (next && JSON.stringify(next) === JSON.stringify(query));
    if (!isStuck) return { batches, next, headers: response.headers };
  }
  throw new LangBatchError(
    "incomplete_listing",
    "The answer to the list of batches is not a page of it, so what it leaves out is not known.",
    { provider: providerId, retryable: true },
  );
}

/** What has no id may be the job that is looked for. */
function isList(value: unknown): value is readonly OpenAIBatch[] {
  const isNamed = (batch: Partial<OpenAIBatch> | null) =>
    typeof batch?.id === "string" && batch.id !== "";
  return Array.isArray(value) && value.every(isNamed);
}

/** Together answers with all there are (npm `together-ai` 0.52.0, `resources/batches.d.ts`). */
function bareList(data: readonly OpenAIBatch[]): Partial<OpenAIBatchPage> {
  return data.length === pageSize ? { data } : { data, has_more: false };
}

function nextOf(
  page: Partial<OpenAIBatchPage>,
  batches: readonly OpenAIBatch[],
): PageQuery | "unknown" | undefined {
  // Groq's way (its documentation, Batch API): a cursor, and none on the last page.
  if (page.paging) {
    const cursor = page.paging.next_cursor;
    return cursor ? { cursor } : undefined;
  }
  const hasMore = page.has_more ?? batches.length >= pageSize;
  if (!hasMore) return undefined;
  const last = batches.at(-1)?.id;
  return last === undefined ? "unknown" : { after: last };
}
