import type { Begun } from "./begun.js";
import type { PassageEnd } from "./gate.js";

export interface Concurrency {
  readonly limit: number;
  end(begun: Begun, end: PassageEnd, newest: number): void;
}

export function fixedConcurrency(limit: number): Concurrency {
  return { limit, end() {} };
}

const fewestAnswers = 20;

export function adaptiveConcurrency(most: number, first = 4): Concurrency {
  let limit = Math.min(first, most);
  let isSlowStart = true;
  let decreasedAt = 0;
  let answers = 0;
  let latencyMs = 0;
  let parallel = 0;
  let baseMs = Number.POSITIVE_INFINITY;
  let proven = limit;
  let provenThroughput = 0;

  function decrease(factor: number, newest: number) {
    limit = Math.max(1, limit * factor);
    proven = Math.min(proven, limit);
    isSlowStart = false;
    decreasedAt = newest;
    forget();
  }
  function forget() {
    answers = latencyMs = parallel = 0;
  }

  function judge(newest: number) {
    const meanMs = latencyMs / answers;
    const meanParallel = parallel / answers;
    const throughput = meanParallel / meanMs;
    baseMs = Math.min(baseMs * 1.001, meanMs);
    if (process.env.TRACE) console.log("window", limit.toFixed(1), "par", meanParallel.toFixed(1), "lat", meanMs.toFixed(0), "base", baseMs.toFixed(0), "thr", throughput.toFixed(4), "proven", proven.toFixed(1), provenThroughput.toFixed(4));
    forget();
    if (meanParallel < proven * 1.25 ) {
      provenThroughput += (throughput - provenThroughput) / (provenThroughput === 0 ? 1 : 4);
    } else if (throughput >= provenThroughput * 1.05) {
      proven = meanParallel;
      provenThroughput = throughput;
    } else if (meanMs >= baseMs * 1.5) decrease(0.85, newest);
  }

  return {
    get limit() {
      return Math.floor(limit);
    },
    end(begun, { how, latencyMs: tookMs }, newest) {
      if (begun.number <= decreasedAt) return;
      if (how === "overloaded" || (process.env.CUT && how === "rate-limited")) return decrease(0.7, newest);
      if (how !== "answered") return;
      const isHeldBack = isSlowStart ? begun.inUse * 2 >= begun.limit : begun.inUse >= begun.limit;
      if (!isHeldBack) return;
      limit = Math.min(most, limit + (isSlowStart ? 1 : 1 / limit));
      answers += 1;
      latencyMs += tookMs;
      parallel += begun.limit;
      if (answers >= Math.max(fewestAnswers, limit)) judge(newest);
    },
  };
}
