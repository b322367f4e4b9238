import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { type ChatFile, customIdAt } from "../make-chat-file.js";
import { seededRandom } from "../seeded-random.js";

/** What the questions are made of; the fourth goes beyond ASCII. */
const fragments: readonly string[] = [
  "The parcel arrived on Tuesday, but the box was open and one item missing. ",
  'She asked: "Could you send it again, or refund me?" and attached three photographs.\n',
  "Classify the sentiment as positive, negative or neutral, and answer with one word only. ",
  "Umsätze in Zürich und Köln stiegen um 4,5 %, während São Paulo unverändert blieb. ",
  "In the second half of the year the committee met four times. ",
];

/**
 * Makes chat requests of 300 to 600 bytes, the same in every run: what is measured is the asking, not
 * the reading. Each names itself in its `user`, so that an endpoint can say which one it has answered.
 */
export async function makeQuestionFile(requests: number): Promise<ChatFile> {
  const directory = await mkdtemp(join(tmpdir(), "langbatch-benchmark-"));
  const path = join(directory, "requests.jsonl");
  const stream = createWriteStream(path, { flush: true, highWaterMark: 1_048_576 });
  const random = seededRandom(20_252);
  let bytes = 0;
  for (let number = 0; number < requests; number += 1) {
    const line = Buffer.from(`${questionLine(customIdAt(number), random)}\n`);
    bytes += line.length;
    if (!stream.write(line)) await once(stream, "drain");
  }
  stream.end();
  await finished(stream);
  return { path, bytes, requests, remove: () => rm(directory, { recursive: true }) };
}

function questionLine(customId: string, random: () => number): string {
  const most = 50 + 250 * random();
  let content = "";
  while (content.length < most) content += fragments[Math.floor(random() * fragments.length)] ?? "";
  const messages = [{ role: "user", content: content.slice(0, most) }];
  return JSON.stringify({
    ...{ custom_id: customId, method: "POST", url: "/v1/chat/completions" },
    body: { model: "local", messages, temperature: 0.2, max_tokens: 100, user: customId },
  });
}
