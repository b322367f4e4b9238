import { dirname, join } from "node:path";
import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import { fileStorage } from "@langbatch/storage-file";
import { countOptions } from "../count-options.js";
import { printGoals } from "../goals.js";
import { makeChatFile } from "../make-chat-file.js";
import { type Measurement, measureChild } from "../measure-child.js";
import { columns, megabytes, summarize } from "../summary.js";

const mostTimesTheFloor = 1.6;
const { lines, bytes, ids, repetitions } = countOptions({
  ...{ lines: 100_000, ids: 5_000, repetitions: 5 },
  // Of a line, in the middle: as short as requests get, where finding ids weighs most.
  bytes: 400,
});

const file = await makeChatFile(lines, bytes);
const cases = [
  { name: "locate every id (the floor)", script: "./floor.js", expected: lines },
  { name: "the floor, each id compared", script: "./floor-and-compare.js", expected: ids },
  { name: "getRequestsByCustomIds", script: "./find.js", expected: ids },
].map((one) => ({ ...one, runs: [] as Measurement[] }));

try {
  const directory = join(dirname(file.path), "state");
  const batch = new OpenAIChatCompletionBatch(file.path, {
    storage: fileStorage(directory),
    batchKwargs: { apiKey: "unused" },
  });
  await batch.save();
  const args = [directory, String(lines), String(ids), batch.id];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const { name, script, expected, runs } of cases) {
      const run = await measureChild<number>(new URL(script, import.meta.url), args);
      if (run.result !== expected) throw new Error(`"${name}" found ${run.result}.`);
      runs.push(run);
    }
  }
} finally {
  await file.remove();
}

const summaries = cases.map(({ name, runs }) => ({ name, summary: summarize(runs) }));
const floor = summaries[0]?.summary ?? summarize([]);
console.log(`${ids} of ${lines} ids, ${megabytes(file.bytes)} MB, ${repetitions} runs of each`);
console.table(
  Object.fromEntries(
    summaries.map(({ name, summary }) => [
      name,
      {
        ratio: (summary.median / floor.median).toFixed(2),
        "cpu ratio": (summary.cpu / floor.cpu).toFixed(2),
        ...columns(summary),
      },
    ]),
  ),
);
const ours = summaries.at(-1)?.summary ?? floor;
printGoals([
  {
    name: "times the floor",
    ...{ measured: ours.median / floor.median, most: mostTimesTheFloor, digits: 2 },
  },
]);
