import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { seededRandom } from "./seeded-random.js";

/** A JSONL file of chat requests in a temporary directory, the same in every run. */
export interface ChatFile {
  readonly path: string;
  readonly bytes: number;
  readonly requests: number;
  remove(): Promise<void>;
}

const usualLineBytes = 3900;

/** What most messages are made of: prose, code, markup and tables, with all that JSON escapes. */
const asciiFragments: readonly string[] = [
  "The customer says that the parcel arrived on Tuesday, but the box was open and one item missing. ",
  'She asked: "Could you send it again, or refund me?" and attached three photographs.\n',
  "Summarize the following report in five bullet points for a reader without technical background. ",
  "- first point: latency went from 120 ms to 85 ms\n- second point: error rate unchanged\n\n",
  "```ts\nconst total = rows.reduce((sum, { price }) => sum + price, 0);\n\tconsole.log(total);\n```\n",
  '{"order_id": "A-2214", "state": "shipped", "items": [{"sku": "X1", "count": 2}]}\n',
  '<p class="note">See <a href="https://example.com/faq?id=7&lang=en">the FAQ</a>.</p>\n',
  "C:\\Users\\mara\\Documents\\report.docx\t17.4 KB\t2024-03-09\n",
  "| quarter | revenue | margin |\n|---|---|---|\n| Q1 | 1,204 | 18.2 |\n| Q2 | 1,377 | 19.0 |\n",
  "Classify the sentiment as positive, negative or neutral, and answer with one word only. ",
  "In the second half of the year the committee met four times and adopted twelve resolutions. ",
];

/** One request in five has these among them. */
const allFragments: readonly string[] = [
  ...asciiFragments,
  "Umsätze in Zürich und Köln stiegen um 4,5 %, während São Paulo unverändert blieb. ",
  "Réponds en français, s'il te plaît, et cite l'article L. 217-3 du code de la consommation.\n\n",
  "東京の支店は来月から新しい住所に移ります。お手数ですが、配送先の変更をお願いいたします。",
  "Спасибо за быстрый ответ, но счёт за октябрь до сих пор не пришёл. ",
  "Thanks a lot 🙂👍 – that’s “exactly” what we needed… ",
];

/**
 * Makes 50,000 requests of about 4,000 bytes each, from 1,000 to 7,000: just under the 200 MB that
 * OpenAI takes in one file. Others have about `meanLineBytes`, and no less than some 350. It is on the
 * disk when this resolves, so no later write is slowed by it.
 */
export async function makeChatFile(
  requests = 50_000,
  meanLineBytes: number = usualLineBytes,
): Promise<ChatFile> {
  const directory = await mkdtemp(join(tmpdir(), "langbatch-benchmark-"));
  const path = join(directory, "requests.jsonl");
  const stream = createWriteStream(path, { flush: true, highWaterMark: 1_048_576 });
  const random = seededRandom(20_251);
  let bytes = 0;
  for (let number = 0; number < requests; number += 1) {
    const line = Buffer.from(`${chatLine(number, meanLineBytes, random)}\n`);
    bytes += line.length;
    if (!stream.write(line)) await once(stream, "drain");
  }
  stream.end();
  await finished(stream);
  return { path, bytes, requests, remove: () => rm(directory, { recursive: true }) };
}

/** The `custom_id` of the request with this number; the first is 0. */
export function customIdAt(number: number): string {
  return `request-${String(number).padStart(10, "0")}`;
}

function chatLine(number: number, meanLineBytes: number, random: () => number): string {
  const target = meanLineBytes * (0.25 + 1.5 * random());
  const fragments = random() < 0.2 ? allFragments : asciiFragments;
  const messages = [{ role: "system", content: "You are a careful assistant. Be brief." }];
  let length = 250;
  while (length < target) {
    let content = "";
    const most = 200 + 2800 * random();
    while (content.length < most && length < target) {
      const fragment = fragments[Math.floor(random() * fragments.length)] ?? "";
      content += fragment;
      length += Buffer.byteLength(JSON.stringify(fragment)) - 2;
    }
    messages.push({ role: messages.length % 2 === 1 ? "user" : "assistant", content });
    length += 32;
  }
  return JSON.stringify({
    custom_id: customIdAt(number),
    method: "POST",
    url: "/v1/chat/completions",
    body: { model: "gpt-4o-mini", messages, temperature: 0.2, max_tokens: 800 },
  });
}
