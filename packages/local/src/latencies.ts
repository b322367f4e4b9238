import type { JobReport } from "@langbatch/core";

/** How long answers took, in fixed memory. */
export interface Latencies {
  add(latencyMs: number): void;
  /** In milliseconds, at most 3 % off, the longest exact; `undefined` before the first. */
  readonly percentiles: JobReport["latencyMs"];
}

/** What is shorter counts as this. */
const shortestMs = 0.01;
/** One bucket reaches so many times as far as the one before. */
const growth = 1.05;
/** Up to some 100 days. */
const buckets = 570;

/** No answers yet. */
export function openLatencies(): Latencies {
  const counts = new Float64Array(buckets);
  let total = 0;
  let max = 0;

  /** At most what so large a part of the answers took. */
  function percentile(part: number): number {
    let left = Math.ceil(total * part);
    let bucket = 0;
    for (; bucket < buckets - 1; bucket += 1) {
      left -= counts[bucket] ?? 0;
      if (left <= 0) break;
    }
    const middle = shortestMs * growth ** (bucket + 0.5);
    return Math.min(Number(middle.toPrecision(3)), max);
  }

  return {
    add(latencyMs) {
      const bucket = Math.floor(Math.log(latencyMs / shortestMs) / Math.log(growth));
      const at = Math.min(Math.max(bucket, 0), buckets - 1);
      counts[at] = (counts[at] ?? 0) + 1;
      total += 1;
      max = Math.max(max, latencyMs);
    },
    get percentiles() {
      if (total === 0) return undefined;
      return { p50: percentile(0.5), p90: percentile(0.9), p99: percentile(0.99), max };
    },
  };
}
