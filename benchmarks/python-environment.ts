import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

const interpreters = ["python3.11", "python3.12", "python3.13", "python3"];

// Seen from the compiled file; where tools of this ecosystem keep what they may lose.
const environments = fileURLToPath(new URL("../node_modules/.cache/", import.meta.url));

/** A Python with packages of its own. */
export interface PythonEnvironment {
  readonly folder: string;
  /** The path of its interpreter. */
  readonly python: string;
}

/**
 * An environment with these packages, made at the first run and kept.
 *
 * @throws where there is no Python, no pip, or no network to install from.
 */
export async function pythonEnvironment(
  name: string,
  requirements: readonly string[],
): Promise<PythonEnvironment> {
  const folder = join(environments, name);
  const isWindows = process.platform === "win32";
  const python = join(folder, isWindows ? "Scripts/python.exe" : "bin/python");
  const ready = join(folder, "ready");
  if (!existsSync(ready)) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(dirname(folder), { recursive: true });
    await run(await findPython(), ["-m", "venv", folder]);
    await run(python, ["-m", "pip", "install", "--quiet", ...requirements]);
    await mkdir(ready);
  }
  return { folder, python };
}

/** @throws where there is none that has `venv`. */
async function findPython(): Promise<string> {
  for (const interpreter of interpreters) {
    try {
      // The Python package needs 3.10 or newer.
      await run(interpreter, ["-c", "import sys, venv; assert sys.version_info >= (3, 10)"]);
      return interpreter;
    } catch {
      // The next one may be there.
    }
  }
  throw new Error(
    `There is no Python of 3.10 or newer, with venv, among ${interpreters.join(", ")}.`,
  );
}
