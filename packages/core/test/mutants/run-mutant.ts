import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import type { Budget, Patch } from "./mutant.js";
import { patchedCopy } from "./patched-copy.js";

/** What the simulation said of a copy of core. */
export interface Verdict {
  /** 0: it noticed nothing. `null`: it did not end in time. */
  readonly exitCode: number | null;
  readonly output: string;
}

const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const longestMs = 600_000;

/** Breaks a copy of core with the patches, and runs the simulation on it until it notices. */
export async function runMutant(
  patches: readonly Patch[],
  { mode, schedules }: Budget,
): Promise<Verdict> {
  const copy = await patchedCopy(patches);
  const simulate = join(copy.path, "test/simulation/simulate.ts");
  const campaign = ["--mode", mode, "--schedules", String(schedules), "--stop-at-first"];
  try {
    return await runNode(copy.path, ["--import", tsx, simulate, ...campaign]);
  } finally {
    await copy.remove();
  }
}

function runNode(directory: string, command: readonly string[]): Promise<Verdict> {
  const options = { cwd: directory, timeout: longestMs, maxBuffer: 2 ** 26 };
  return new Promise((resolve) => {
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      resolve({ exitCode, output: `${stdout}\n${stderr}` });
    });
  });
}
