import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeChatFile } from "../make-chat-file.js";
import { type Measurement, measureChild } from "../measure-child.js";
import { columns, megabytes, type Summary, summarize } from "../summary.js";

const repetitions = 5;
const mostTimesTheFloor = 1.5;
const mostPeakBytes = 150_000_000;

const file = await makeChatFile();
const copy = join(dirname(file.path), "copy");
const cases = [
  { name: "read, scan, JSON.parse (the floor)", script: new URL("./floor.js", import.meta.url) },
  {
    name: "the floor and a copy, fsynced",
    script: new URL("./floor-and-copy.js", import.meta.url),
  },
  { name: "new Batch(file).save()", script: new URL("./save.js", import.meta.url) },
].map((one) => ({ ...one, runs: [] as Measurement[] }));

try {
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    // One after the other each time, so that a slow minute of the machine slows all of them.
    for (const { script, runs } of cases) {
      runs.push(await measureChild(script, [file.path, copy]));
      await rm(copy, { recursive: true, force: true });
    }
  }
} finally {
  await file.remove();
}

const summaries = cases.map(({ name, runs }) => ({ name, summary: summarize(runs) }));
const floor = summaries[0]?.summary.median ?? Number.NaN;
const ratio = ({ median }: Summary) => median / floor;

console.log(`${file.requests} requests, ${megabytes(file.bytes)} MB, ${repetitions} runs of each`);
console.table(
  Object.fromEntries(
    summaries.map(({ name, summary }) => [
      name,
      {
        ratio: ratio(summary).toFixed(2),
        ...columns(summary),
        "MB/s": megabytes(file.bytes / summary.median),
      },
    ]),
  ),
);
const ours = summaries.at(-1)?.summary;
const met =
  ours !== undefined && ratio(ours) <= mostTimesTheFloor && ours.peakBytes <= mostPeakBytes;
console.log(
  `Goal: at most ${mostTimesTheFloor} times the floor and ${megabytes(mostPeakBytes)} MB: ${met ? "met" : "missed"}.`,
);
