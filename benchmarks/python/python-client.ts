import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Measured } from "../measure-child.js";
import { pythonEnvironment } from "../python-environment.js";
import type { Brought } from "./brought.js";

const run = promisify(execFile);

/** Of the Python package: the last one, and the one the comparison is about. */
const requirements = ["langbatch==0.1.2", "orjson"];

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
  const { python } = await pythonEnvironment("langbatch-python-0.1.2", requirements);
  return {
    versions: (await run(python, ["-c", versionsScript])).stdout.trim(),
    async run(mode, args, dataDirectory) {
      await mkdir(dataDirectory, { recursive: true });
      const { stdout } = await run(python, ["-B", script, mode, ...args], {
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
