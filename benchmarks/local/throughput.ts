import { type Goal, printGoals } from "../goals.js";
import type { Measurement } from "../measure-child.js";
import { columns, megabytes, type Summary, summarize } from "../summary.js";
import { makeQuestionFile } from "./make-question-file.js";
import { type Loop, measureLoop, measureOurs, type OurRun } from "./measure-run.js";

const concurrency = 64;
const latenciesMs = [0, 20];
const leastOfTheFloor = 0.9;

/** How many requests the goals of memory are about. */
const fewRequests = 10_000;
const manyRequests = 100_000;
const mostGrowth = 1.35;
const mostPeakMegabytes = 250;

const floorName = "fetch, 64 workers (the floor)";
const loops: readonly Loop[] = [
  { name: floorName, script: "fetch-loop" },
  { name: "undici.request on a Pool", script: "undici-loop" },
  { name: "fetch, each result appended", script: "fetch-loop", keepsResults: true },
  { name: "p-queue, all in memory, appended", script: "p-queue-loop", keepsResults: true },
  { name: "p-limit, all in memory, appended", script: "p-limit-loop", keepsResults: true },
];

/** Asks a fast endpoint and a slower one, by hand and with ours, and compares with the bare loop. */
export async function measureThroughput(requests: number, repetitions: number): Promise<void> {
  const goals: Goal[] = [];
  const file = await makeQuestionFile(requests);
  try {
    for (const latencyMs of latenciesMs) {
      const loopRuns = loops.map((loop) => ({ loop, runs: [] as Measurement[] }));
      const ours: OurRun[] = [];
      for (let repetition = 0; repetition < repetitions; repetition += 1) {
        const asking = { file, latencyMs, concurrency };
        for (const { loop, runs } of loopRuns) runs.push(await measureLoop(loop, asking));
        ours.push(await measureOurs(asking));
      }
      const summaries = [
        ...loopRuns.map(({ loop, runs }) => ({ name: loop.name, summary: summarize(runs) })),
        { name: "ours, from start until wait is over", summary: summarizeStages(ours, ["asking"]) },
        {
          name: "ours, with save and the results file",
          summary: summarizeStages(ours, ["saving", "asking", "writing"]),
        },
      ];
      console.log(
        `${requests} requests of ${(file.bytes / requests).toFixed(0)} bytes, answers after ${latencyMs} ms, ${concurrency} at a time, ${repetitions} runs of each`,
      );
      const floor = summaries[0]?.summary ?? summarize([]);
      console.table(
        Object.fromEntries(
          summaries.map(({ name, summary }) => [
            name,
            {
              "requests/s": (requests / summary.median).toFixed(0),
              ratio: (floor.median / summary.median).toFixed(2),
              ...columns(summary),
            },
          ]),
        ),
      );
      goals.push({
        name: `${latencyMs} ms: requests per second, as a part of the floor's,`,
        measured: floor.median / summarizeStages(ours, ["asking"]).median,
        ...{ least: leastOfTheFloor, digits: 2 },
      });
    }
  } finally {
    await file.remove();
  }
  printGoals([...goals, ...(await measureGrowth())]);
}

async function measureGrowth(): Promise<readonly Goal[]> {
  const peaks: number[] = [];
  for (const requests of [fewRequests, manyRequests]) {
    const file = await makeQuestionFile(requests);
    try {
      const { peakBytes } = await measureOurs({ file, latencyMs: 0, concurrency });
      peaks.push(peakBytes);
    } finally {
      await file.remove();
    }
  }
  const [few = Number.NaN, many = Number.NaN] = peaks;
  return [
    {
      name: `peak of ${manyRequests} requests, times the one of ${fewRequests} (${megabytes(few)} MB),`,
      ...{ measured: many / few, most: mostGrowth, digits: 2 },
    },
    { name: "peak MB", measured: many / 1e6, most: mostPeakMegabytes },
  ];
}

function summarizeStages(
  runs: readonly OurRun[],
  stages: readonly (keyof OurRun["result"])[],
): Summary {
  return summarize(
    runs.map(({ result, peakBytes }) => ({
      seconds: stages.reduce((sum, stage) => sum + result[stage].seconds, 0),
      cpuSeconds: stages.reduce((sum, stage) => sum + result[stage].cpuSeconds, 0),
      peakBytes,
    })),
  );
}
