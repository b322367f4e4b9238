import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";

/** A process that reports lines. */
export interface RunningWorker {
  readonly child: ChildProcess;
  /** The whole lines it has reported so far. */
  lines(): string[];
  /** Resolves when it has reported this many lines. */
  reported(count: number): Promise<void>;
  /** Resolves when it has ended and all it reported has arrived. */
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
}

/** Runs the script; what it complains about is thrown by `ended`. */
export function runWorker(script: string, args: readonly string[]): RunningWorker {
  const child = spawn(process.execPath, ["--no-deprecation", script, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  const lines = () => output.split("\n").slice(0, -1);
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const ended = once(child, "close").then(([code, signal]) => {
    if (errors !== "") throw new Error(errors);
    return { code, signal };
  });
  return {
    child,
    lines,
    ended,
    async reported(count) {
      while (lines().length < count) {
        await Promise.race([once(child.stdout, "data"), ended.then(endedEarly)]);
      }
    },
  };
}

function endedEarly(): never {
  throw new Error("A worker ended before it was killed.");
}
