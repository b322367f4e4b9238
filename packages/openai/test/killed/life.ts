import { spawn } from "node:child_process";
import { once } from "node:events";
import type { KillMoment } from "./kill-moment.js";
import { startedLine } from "./script-settings.js";
import { onRequest } from "./seen-requests.js";

/** What a process of the script is started with, and when it is to die. */
export interface LifeOptions {
  readonly script: string;
  /** Its only argument. */
  readonly argument: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The server whose requests are watched. */
  readonly port: number;
  /** `undefined`: it lives until it ends by itself. */
  readonly moment: KillMoment | undefined;
  /** How long a whole life takes, from the first line on, in milliseconds. */
  readonly wholeMs: number;
  /** Kills it as well, and then it counts as hanging. */
  readonly hangsAfterMs: number;
  /** Kills it, as the test is over. */
  readonly signal: AbortSignal;
}

/** How one process of the script ended. */
export interface LifeEnd {
  readonly by: "itself" | "kill" | "hanging";
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
  /** The last request the server had seen of it. */
  readonly lastRequest: string;
  /** From its first line on. */
  readonly lastedMs: number;
}

/** Runs the script once, until it ends or is killed with SIGKILL. */
export async function live(options: LifeOptions): Promise<LifeEnd> {
  const { moment, signal } = options;
  signal.throwIfAborted();
  const child = spawn(process.execPath, [options.script, options.argument], {
    stdio: ["ignore", "pipe", "pipe"],
    env: options.environment,
  });
  let output = "";
  let errors = "";
  let seen = 0;
  let lastRequest = "nothing yet";
  let startedAt = performance.now();
  let by: LifeEnd["by"] = "itself";
  const timers: NodeJS.Timeout[] = [];

  function kill(why: LifeEnd["by"]): void {
    // A process that has ended a moment ago cannot be killed any more.
    if (child.exitCode === null && child.signalCode === null && child.kill("SIGKILL")) by = why;
  }
  const killAfter = (ms: number, why: LifeEnd["by"] = "kill") => {
    timers.push(setTimeout(() => kill(why), ms));
  };
  const stop = () => void child.kill("SIGKILL");

  const unwatch = onRequest(options.port, (asked) => {
    seen += 1;
    lastRequest = asked;
    if (moment?.by !== "request" || seen !== moment.nth) return;
    if (moment.delayMs === 0) kill("kill");
    else killAfter(moment.delayMs);
  });
  child.stdout.on("data", (data) => {
    if (output === "") {
      startedAt = performance.now();
      if (moment?.by === "time") killAfter(moment.share * options.wholeMs);
    }
    output += String(data);
  });
  child.stderr.on("data", (data) => {
    errors += String(data);
  });
  killAfter(options.hangsAfterMs, "hanging");
  signal.addEventListener("abort", stop);
  try {
    await once(child, "close");
  } finally {
    signal.removeEventListener("abort", stop);
    unwatch();
    for (const timer of timers) clearTimeout(timer);
  }
  signal.throwIfAborted();
  return {
    // It may have come to its end while the signal was on its way.
    by: child.signalCode === null ? "itself" : by,
    code: child.exitCode,
    output: output.slice(startedLine.length),
    errors,
    lastRequest,
    lastedMs: performance.now() - startedAt,
  };
}
