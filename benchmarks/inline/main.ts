import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countOptions } from "../count-options.js";
import { printGoals } from "../goals.js";
import { makeChatFile } from "../make-chat-file.js";
import { type Measurement, measureChild } from "../measure-child.js";
import { withServer } from "../serve-child.js";
import { columns, megabytes, summarize } from "../summary.js";
import { writeDocument } from "./write-document.js";

/** With so much a line, 100,000 of them are just under the 256 MB that one job may hold. */
const meanLineBytes = 2_420;
const { requests, repetitions } = countOptions({ requests: 100_000, repetitions: 3 });
const file = await makeChatFile(requests, meanLineBytes);
const folder = await mkdtemp(join(tmpdir(), "langbatch-benchmark-"));
const document = join(folder, "requests.json");
await writeDocument(file.path, document);

const script = (name: string) => new URL(`./${name}.js`, import.meta.url);
const state = join(folder, "state");
/** What each is given after the address, and how many megabytes it may take at most. */
const cases = [
  { name: "batches.create({ requests })", script: "sdk-create", input: file.path },
  {
    name: "anthropic().create, file-backed",
    script: "provider-create",
    input: document,
    most: 160,
  },
  {
    name: "start(): check, convert, store, send",
    script: "whole-path",
    input: file.path,
    rest: [state],
    most: 160,
  },
  {
    name: "from file to results file",
    script: "whole-path",
    input: file.path,
    rest: [state, join(folder, "results.jsonl")],
    most: 250,
  },
].map((one) => ({ ...one, runs: [] as Measurement[] }));

const documentBytes = (await stat(document)).size;
try {
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const { script: measured, input, rest = [], runs } of cases) {
      runs.push(
        await withServer(script("inline-server"), [], (url) =>
          measureChild(script(measured), [input, url, ...rest]),
        ),
      );
      await rm(state, { recursive: true, force: true });
    }
  }
} finally {
  await file.remove();
  await rm(folder, { recursive: true });
}

const summaries = cases.map(({ name, most, runs }) => ({ name, most, summary: summarize(runs) }));
console.log(
  `${requests} requests: a file of ${megabytes(file.bytes)} MB, a body of ${megabytes(documentBytes)} MB, ${repetitions} runs of each`,
);
console.table(Object.fromEntries(summaries.map(({ name, summary }) => [name, columns(summary)])));
printGoals(
  summaries.flatMap(({ name, most, summary }) =>
    most === undefined
      ? []
      : [{ name: `MB of memory, ${name},`, measured: summary.peakBytes / 1e6, most }],
  ),
);
