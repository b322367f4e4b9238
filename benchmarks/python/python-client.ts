import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Measured } from "../measure-child.js";
import type { Brought } from "./brought.js";

const run = promisify(execFile);

/** Of the Python package: the last one, and the one the comparison is about. */
const requirements = ["langbatch==0.1.2", "orjson"];
const interpreters = ["python3.11", "python3.12", "python3.13", "python3"];

// Seen from the compiled files; where tools of this ecosystem keep what they may lose.
const environment = fileURLToPath(
  new URL("../../node_modules/.cache/langbatch-python-0.1.2", import.meta.url),
);
const script = fileURLToPath(new URL("../../python/client.py", import.meta.url));

/** Runs the Python package's side of the comparison. */
export interface PythonClient {
  /** What is compared: the versions of everything that decides how fast it is. */
  readonly versions: string;
  run(
    mode: "orjson" | "plain",
    args: readonly string[],
    dataDirectory: string,
  ): Promise<Measured<Brought>>;
}

/**
 * An environment with the Python package, made at the first run and kept.
 *
 * @throws where there is no Python, no pip, or no network to install from.
 */
export async function openPythonClient(): Promise<PythonClient> {
  const isWindows = process.platform === "win32";
  const python = join(environment, isWindows ? "Scripts/python.exe" : "bin/python");
  const ready = join(environment, "ready");
  if (!existsSync(ready)) {
    await rm(environment, { recursive: true, force: true });
    await mkdir(dirname(environment), { recursive: true });
    await run(await findPython(), ["-m", "venv", environment]);
    await run(python, ["-m", "pip", "install", "--quiet", ...requirements]);
    await mkdir(ready);
  }
  return {
    versions: (await run(python, ["-c", versionsScript])).stdout.trim(),
    async run(mode, args, dataDirectory) {
      await mkdir(dataDirectory, { recursive: true });
      const { stdout } = await run(python, [script, mode, ...args], {
        env: { ...process.env, LANGBATCH_DATA_PATH: dataDirectory },
        maxBuffer: 16_777_216,
      });
      return JSON.parse(stdout) as Measured<Brought>;
    },
  };
}

const versionsScript = `
import platform
from importlib.metadata import version
names = ["langbatch", "openai", "jsonlines", "orjson", "pydantic"]
print("Python", platform.python_version(), *(f"{name} {version(name)}" for name in names), sep=", ")
`;

/** @throws where there is none that has `venv`. */
export async function findPython(): Promise<string> {
  for (const interpreter of interpreters) {
    try {
      // The package needs 3.10 or newer.
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
