import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

/** What one run in a process of its own took. */
export interface Measurement {
  /** From the start of the work to its end; the start of the process is not counted. */
  readonly seconds: number;
  /** Of all threads, so it shows what waiting for the disk or another process hides. */
  readonly cpuSeconds: number;
  /** The most memory the process ever had, all that Node itself needs included. */
  readonly peakBytes: number;
}

/** A measurement, and what the work resolved with, as far as JSON can say it. */
export type Measured<Result> = Measurement & { readonly result: Result };

/** Runs a script that calls {@link reportWork} in a process of its own, with the same loaders. */
export async function measureChild<Result = unknown>(
  script: URL,
  args: readonly string[] = [],
): Promise<Measured<Result>> {
  const child = fork(script, args);
  let measurement: Measured<Result> | undefined;
  child.on("message", (message) => {
    measurement = message as Measured<Result>;
  });
  const [code] = await once(child, "exit");
  if (code !== 0 || !measurement) throw new Error(`${script.pathname} ended with code ${code}.`);
  return measurement;
}

/** In the child: runs the work and tells the parent what it took. */
export async function reportWork(work: () => Promise<unknown>): Promise<void> {
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  const result = await work();
  const seconds = (performance.now() - before) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const measurement: Measured<unknown> = {
    result,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakBytes: peakBytes(),
  };
  process.send?.(measurement, () => process.disconnect());
}

function peakBytes(): number {
  // `maxRSS` of a Linux process starts with what its parent had when it forked, so it may tell more
  // of the parent than of the child.
  if (process.platform === "linux") {
    const [, kibibytes] =
      /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    if (kibibytes) return Number(kibibytes) * 1024;
  }
  return process.resourceUsage().maxRSS * 1024;
}
