import type { Measurement } from "./measure-child.js";

/** The repetitions of one measurement, in numbers that one disturbed run does not move. */
export interface Summary {
  readonly median: number;
  readonly fastest: number;
  readonly slowest: number;
  readonly cpu: number;
  /** The highest of all repetitions. */
  readonly peakBytes: number;
}

export function summarize(runs: readonly Measurement[]): Summary {
  const seconds = runs.map((run) => run.seconds);
  return {
    median: median(seconds),
    fastest: Math.min(...seconds),
    slowest: Math.max(...seconds),
    cpu: median(runs.map((run) => run.cpuSeconds)),
    peakBytes: Math.max(...runs.map((run) => run.peakBytes)),
  };
}

/** The columns of a table that every summary has. */
export function columns(summary: Summary): Readonly<Record<string, string>> {
  const { median, fastest, slowest, cpu, peakBytes } = summary;
  return {
    "median s": median.toFixed(2),
    "min s": fastest.toFixed(2),
    "max s": slowest.toFixed(2),
    "cpu s": cpu.toFixed(2),
    "peak MB": megabytes(peakBytes),
  };
}

/** Decimal megabytes, as services state their limits. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? 0)) / 2;
}
