import { rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeChatFile } from "../make-chat-file.js";
import { type Measured, type Measurement, measureChild } from "../measure-child.js";
import { withServer } from "../serve-child.js";
import { type Summary, summarize } from "../summary.js";
import type { PathStages } from "./path-stages.js";

/** The whole path and its floor, each as often as wanted. */
export interface PathRuns {
  readonly requests: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly ours: Summary;
  readonly floor: Summary;
  /** Of the last run. */
  readonly stages: PathStages | undefined;
}

/**
 * Brings requests of some 4,000 bytes through the whole path: validate, plan, store, upload, create,
 * watch, download, put in order, write the results file. The floor does as much with the same bytes.
 */
export async function measurePath(requests: number, repetitions: number): Promise<PathRuns> {
  const file = await makeChatFile(requests);
  const folder = dirname(file.path);
  const state = join(folder, "state");
  const results = join(folder, "results.jsonl");
  const ours: Measured<PathStages>[] = [];
  const floor: Measurement[] = [];
  let outputBytes = 0;
  try {
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      const whole = new URL("./whole-path.js", import.meta.url);
      const server = new URL("../fast-server.js", import.meta.url);
      ours.push(
        await withServer(server, [], (url) =>
          measureChild<PathStages>(whole, [file.path, state, url, results]),
        ),
      );
      await rm(state, { recursive: true });
      outputBytes = (await stat(results)).size;
      const bare = new URL("./floor.js", import.meta.url);
      const bytes = new URL("./byte-server.js", import.meta.url);
      floor.push(
        await withServer(bytes, [results], (url) => measureChild(bare, [file.path, results, url])),
      );
    }
  } finally {
    await file.remove();
  }
  return {
    ...{ requests, inputBytes: file.bytes, outputBytes },
    ...{ ours: summarize(ours), floor: summarize(floor), stages: ours.at(-1)?.result },
  };
}
