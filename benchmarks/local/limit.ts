import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Goal, printGoals } from "../goals.js";
import { measureChild } from "../measure-child.js";
import { withServer } from "../serve-child.js";
import { checkResults } from "./check-results.js";
import type { LimitedCounts } from "./limited-endpoint.js";
import { makeQuestionFile } from "./make-question-file.js";
import type { LocalStages } from "./ours.js";
import type { LimitKind } from "./request-limits.js";

const latencyMs = 100;
const leastOfTheLimit = 0.95;
const mostRefused = 0.05;

interface LimitedCase {
  readonly name: string;
  readonly kind: LimitKind;
  readonly requestsPerSecond: number;
}

const cases: readonly LimitedCase[] = [50, 500].flatMap((requestsPerSecond) => [
  { name: `${requestsPerSecond}/s, token bucket`, kind: "bucket", requestsPerSecond },
  { name: `${requestsPerSecond}/s, windows of a second`, kind: "windows", requestsPerSecond },
]);

/**
 * Lets endpoints refuse what is over their limit, and counts for so many seconds how near to it we
 * come. Side by side, since none of them keeps a processor busy.
 */
export async function measureLimits(seconds: number): Promise<void> {
  const measured = await Promise.all(cases.map((one) => measureLimit(one, seconds)));
  console.log(
    `Limits: the first ${seconds} seconds, ${latencyMs} ms an answer, no concurrency given; every request has its result in the end`,
  );
  console.table(
    Object.fromEntries(
      measured.map(({ name, requestsPerSecond, counts, cpuSeconds, peakBytes }) => [
        name,
        {
          "answered/s": (counts.answered / seconds).toFixed(1),
          "of the limit": (counts.answered / seconds / requestsPerSecond).toFixed(3),
          refused: counts.refused,
          "of all sent": (counts.refused / counts.arrived).toFixed(3),
          "cpu s": cpuSeconds.toFixed(2),
          "peak MB": (peakBytes / 1e6).toFixed(0),
        },
      ]),
    ),
  );
  printGoals(
    measured.flatMap(({ name, requestsPerSecond, counts }): Goal[] => [
      {
        name: `${name}: answers, as a part of the limit,`,
        measured: counts.answered / seconds / requestsPerSecond,
        ...{ least: leastOfTheLimit, digits: 3 },
      },
      {
        name: `${name}: refusals, as a part of all sent,`,
        ...{ measured: counts.refused / counts.arrived, most: mostRefused, digits: 3 },
      },
    ]),
  );
}

async function measureLimit(one: LimitedCase, seconds: number) {
  // A little more than there is room for, so that it is busy all the time.
  const file = await makeQuestionFile(one.requestsPerSecond * (seconds + 2));
  const folder = dirname(file.path);
  const results = join(folder, "results.jsonl");
  const endpoint = new URL("./limited-endpoint.js", import.meta.url);
  const limit = [latencyMs, one.kind, one.requestsPerSecond, seconds].map(String);
  try {
    return await withServer(endpoint, limit, async (url) => {
      const args = [file.path, url, join(folder, "state"), results];
      const run = await measureChild<LocalStages>(new URL("./ours.js", import.meta.url), args);
      await checkResults(results, file.requests);
      const counts = (await (await fetch(url)).json()) as LimitedCounts;
      return { ...one, ...run, counts };
    });
  } finally {
    await rm(join(folder, "state"), { recursive: true, force: true });
    await file.remove();
  }
}
