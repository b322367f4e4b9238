import { fork } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ChatFile } from "../make-chat-file.js";
import { withServer } from "../serve-child.js";
import { checkResults } from "./check-results.js";
import type { Arrivals } from "./counting-endpoint.js";

/** How a batch is killed. */
export interface KillOptions {
  readonly file: ChatFile;
  readonly concurrency: number;
  readonly latencyMs: number;
  /** How long a process works at most before it is killed, in milliseconds. */
  readonly longestLifeMs: number;
  /** How often it is killed at most. */
  readonly mostKills: number;
  readonly random: () => number;
}

/** One process that did not come to the end. */
export interface Life {
  readonly end: "killed" | "failed";
  /** How many requests arrived in it. */
  readonly arrived: number;
  /** How many of them arrived again after it. */
  readonly repeated: number;
}

/** A batch whose processes fail by themselves more often will not come to its end. */
const mostFailures = 20;

/**
 * Runs one batch in a process that is killed at a random moment and started again, until one has come
 * to the end. A moment counts from when the process begins to work, so some die before they have asked,
 * while they wait until the one before is taken for dead. One that fails by itself, because the machine
 * is so busy that it may be taken for dead, is started again, too.
 *
 * @throws where a result is missing, wrong, or there twice.
 */
export async function killAgainAndAgain(options: KillOptions): Promise<readonly Life[]> {
  const { file, concurrency, latencyMs, longestLifeMs, mostKills, random } = options;
  const folder = join(dirname(file.path), "killed");
  const results = join(folder, "results.jsonl");
  const endpoint = new URL("./counting-endpoint.js", import.meta.url);
  const script = new URL("./kill-run.js", import.meta.url);
  try {
    return await withServer(endpoint, [String(latencyMs)], async (url) => {
      const ends: Life["end"][] = [];
      for (;;) {
        const child = fork(script, [
          ...[file.path, url, join(folder, "state"), results],
          ...[String(concurrency), String(ends.length)],
        ]);
        const ended = once(child, "exit");
        const mayBeKilled = ends.filter((end) => end === "killed").length < mostKills;
        const lifeMs = longestLifeMs * random();
        let timer: NodeJS.Timeout | undefined;
        child.once("message", () => {
          if (mayBeKilled) timer = setTimeout(() => child.kill("SIGKILL"), lifeMs);
        });
        const [code, signal] = await ended;
        clearTimeout(timer);
        if (code === 0) break;
        ends.push(signal === "SIGKILL" ? "killed" : "failed");
        if (ends.filter((end) => end === "failed").length > mostFailures) {
          throw new Error(`A batch failed ${mostFailures} times by itself, at last with ${code}.`);
        }
      }
      await checkResults(results, file.requests);
      const arrivals = (await (await fetch(url)).json()) as Arrivals;
      if (arrivals.repeatedWithin > 0 || arrivals.requests !== file.requests) {
        throw new Error(`The endpoint saw ${JSON.stringify(arrivals)}.`);
      }
      return ends.map((end, life) => ({
        end,
        arrived: arrivals.arrivedIn[life] ?? 0,
        repeated: arrivals.repeatedAfter[life] ?? 0,
      }));
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
