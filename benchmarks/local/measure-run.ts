import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ChatFile } from "../make-chat-file.js";
import { type Measured, measureChild } from "../measure-child.js";
import { withServer } from "../serve-child.js";
import { checkResults } from "./check-results.js";
import type { LocalStages } from "./ours.js";

/** Something that asks all of a file, as it is written by hand. */
export interface Loop {
  readonly name: string;
  readonly script: string;
  /** Whether it appends its results to a file. Default: `false`. */
  readonly keepsResults?: boolean;
}

/** What is asked, of whom. */
export interface Asking {
  readonly file: ChatFile;
  readonly latencyMs: number;
  readonly concurrency: number;
}

/** One run of ours, by its stages. */
export type OurRun = Measured<LocalStages>;

/** @throws where it has not asked everything, or its results are not the right ones. */
export async function measureLoop(
  { name, script, keepsResults = false }: Loop,
  { file, latencyMs, concurrency }: Asking,
): Promise<Measured<number>> {
  const results = join(dirname(file.path), "results.jsonl");
  const run = await withEndpoint(latencyMs, (url) =>
    measureChild<number>(new URL(`./${script}.js`, import.meta.url), [
      ...[file.path, url, String(concurrency)],
      ...(keepsResults ? [results] : []),
    ]),
  );
  if (run.result !== file.requests) throw new Error(`"${name}" asked ${run.result}.`);
  if (keepsResults) {
    await checkResults(results, file.requests);
    await rm(results);
  }
  return run;
}

/** @throws where the results are not the right ones. */
export async function measureOurs({ file, latencyMs, concurrency }: Asking): Promise<OurRun> {
  const folder = dirname(file.path);
  const state = join(folder, "state");
  const results = join(folder, "results.jsonl");
  const run = await withEndpoint(latencyMs, (url) =>
    measureChild<LocalStages>(new URL("./ours.js", import.meta.url), [
      ...[file.path, url, state, results, String(concurrency)],
    ]),
  );
  await checkResults(results, file.requests);
  await rm(results);
  await rm(state, { recursive: true });
  return run;
}

/** Each run has an endpoint of its own. */
export function withEndpoint<Result>(
  latencyMs: number,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  return withServer(new URL("./fast-endpoint.js", import.meta.url), [String(latencyMs)], work);
}
