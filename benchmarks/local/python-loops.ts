import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Measured } from "../measure-child.js";
import { pythonEnvironment } from "../python-environment.js";

const run = promisify(execFile);

const requirement = "aiohttp==3.14.5";
const cookbookURL =
  "https://raw.githubusercontent.com/openai/openai-cookbook/04a3090348d4ce2e7977612fdf99b7f906a00b43/examples/api_request_parallel_processor.py";

const scripts = fileURLToPath(new URL("../../python/", import.meta.url));

/** What asks all of a file in Python. */
export interface PythonLoops {
  /** Runs a script from here. */
  run(script: string, args: readonly string[]): Promise<Measured<number>>;
  /**
   * The path of the OpenAI cookbook's parallel processor (MIT), fetched at the first run and kept.
   *
   * @throws where it cannot be fetched.
   */
  fetchCookbook(): Promise<string>;
}

/**
 * An environment with aiohttp, made at the first run and kept.
 *
 * @throws where there is no Python, no pip, or no network to install from.
 */
export async function openPythonLoops(): Promise<PythonLoops> {
  const { folder, python } = await pythonEnvironment("langbatch-python-aiohttp", [requirement]);
  return {
    async run(script, args) {
      const { stdout } = await run(python, ["-B", join(scripts, script), ...args]);
      return JSON.parse(stdout) as Measured<number>;
    },
    async fetchCookbook() {
      const path = join(folder, "cookbook.py");
      if (existsSync(path)) return path;
      const response = await fetch(cookbookURL);
      if (!response.ok) throw new Error(`${cookbookURL} was answered ${response.status}.`);
      await writeFile(path, await response.text());
      return path;
    },
  };
}
