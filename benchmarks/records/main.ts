import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileStorage } from "@langbatch/storage-file";
import { countOptions } from "../count-options.js";
import { printGoals } from "../goals.js";
import { type Measurement, measureChild } from "../measure-child.js";
import { columns, megabytes, summarize } from "../summary.js";
import { type DiskUse, diskUse, liveRecords } from "./disk-use.js";
import { race } from "./race.js";

const mostSeconds = 60;
const mostLiveMegabytes = 50;
const { shards, raced, processes, repetitions } = countOptions({
  ...{ shards: 10_000, raced: 1_000, processes: 4, repetitions: 1 },
});

const runs: Measurement[] = [];
let live = { records: 0, bytes: 0 };
let disk: DiskUse = { files: 0, apparentBytes: 0, diskBytes: 0 };
for (let repetition = 0; repetition < repetitions; repetition += 1) {
  const directory = await mkdtemp(join(tmpdir(), "langbatch-benchmark-"));
  try {
    const script = new URL("./write-records.js", import.meta.url);
    runs.push(await measureChild(script, [directory, String(shards)]));
    live = await liveRecords(fileStorage(directory), "jobs/");
    disk = await diskUse(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
const written = summarize(runs);
if (live.records !== shards) throw new Error(`${live.records} records are left of ${shards}.`);

console.log(`${shards} jobs, each through 5 states, ${repetitions} runs`);
console.table({ "file storage": columns(written) });
console.log(
  `The newest values have ${megabytes(live.bytes)} MB; ${disk.files} files have ${megabytes(disk.apparentBytes)} MB and take ${megabytes(disk.diskBytes)} MB of the disk, directories included.`,
);

const { runs: racers, jobs } = await race(raced, processes);
console.log(`${processes} processes on one batch of ${raced} shards`);
console.table(
  Object.fromEntries(
    racers.map(({ result, ...run }, at) => [
      `process ${at + 1}`,
      {
        "record writes": result.writes,
        "races lost": result.conflicts,
        "creates in doubt": result.doubts,
        seconds: run.seconds.toFixed(1),
        "cpu s": run.cpuSeconds.toFixed(1),
        "peak MB": megabytes(run.peakBytes),
      },
    ]),
  ),
);
const writes = racers.reduce((sum, { result }) => sum + result.writes, 0);
const conflicts = racers.reduce((sum, { result }) => sum + result.conflicts, 0);
console.log(`Races lost: ${conflicts} of ${writes} writes. Jobs at the server: ${jobs}.`);
console.log(`Goal: exactly ${raced} jobs: ${jobs === raced ? "met" : "missed"}.`);
printGoals([
  { name: "seconds", measured: written.median, most: mostSeconds, digits: 1 },
  { name: "MB of live records", measured: live.bytes / 1e6, most: mostLiveMegabytes, digits: 1 },
]);
