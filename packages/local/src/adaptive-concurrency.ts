import type { Begun } from "./begun.js";
import type { Concurrency } from "./concurrency.js";

/** Of so many requests at first; doubled with each round of answers until it is too much. */
const firstLimit = 4;
/** What is left of the limit where a request was turned away, or had no answer in time. */
const afterOverload = 0.7;
/** What is left of it where more on their way only made each of them slower. */
const afterSlowness = 0.85;

/** Answers that are looked at together are at least so many: one is as long as its text. */
const fewestAnswers = 20;
/** So much slower than at best is slow. */
const slowness = 1.5;
/** So many more on their way must bring so much more throughput, or the server is busy as it is. */
const enoughMore = 1.25;
const enoughGain = 1.05;
/** So often in a row before it is believed: answers are of very different lengths. */
const enoughSigns = 2;
/** How fast the best latency is forgotten, with each look. */
const forgetting = 1.0001;

/**
 * As many as the endpoint bears, found out by trying (additive increase, multiplicative decrease):
 * between 1 and `most`, from 4 on. It grows only while it is what holds requests back.
 *
 * A server that works on many requests together gets slower with each of them, and yet does more in
 * all. So latency alone is no sign of overload: only where it has risen, and throughput has not. Nor is
 * a 429, which the pace answers: fewer on their way would make the same pace impossible.
 */
export function adaptiveConcurrency(most: number, first: number = firstLimit): Concurrency {
  let limit = Math.min(first, most);
  let isDoubling = true;
  /** The last request that had begun when the limit was lowered: its end is no news. */
  let settled = 0;
  let answers = 0;
  let enoughAnswers = fewestAnswers;
  let latencySum = 0;
  let parallelSum = 0;
  let bestMs = Number.POSITIVE_INFINITY;
  /** How many it was worth it to have on their way, and how many answers a millisecond that brought. */
  let worthwhile = limit;
  let throughputThen = 0;
  let signs = 0;

  function lookAgain(): void {
    answers = latencySum = parallelSum = 0;
    enoughAnswers = Math.max(fewestAnswers, limit);
  }

  function lower(factor: number, newest: number): void {
    limit = Math.max(1, limit * factor);
    worthwhile = Math.min(worthwhile, limit);
    isDoubling = false;
    settled = newest;
    signs = 0;
    lookAgain();
  }

  function raise(): void {
    limit = Math.min(most, limit + (isDoubling ? 1 : 1 / limit));
  }

  function look(newest: number): void {
    const meanMs = latencySum / answers;
    const parallel = parallelSum / answers;
    // So many are on their way, and each takes so long (Little's law).
    const throughput = parallel / meanMs;
    bestMs = Math.min(bestMs * forgetting, meanMs);
    lookAgain();
    if (parallel < worthwhile * enoughMore) {
      const weight = throughputThen === 0 ? 1 : 0.25;
      throughputThen += (throughput - throughputThen) * weight;
      signs = 0;
    } else if (throughput >= throughputThen * enoughGain) {
      worthwhile = parallel;
      throughputThen = throughput;
      signs = 0;
    } else if (meanMs >= bestMs * slowness) {
      signs += 1;
      if (signs === enoughSigns) lower(afterSlowness, newest);
    }
  }

  return {
    get limit() {
      return Math.floor(limit);
    },
    end(begun, { how, latencyMs }, newest) {
      if (begun.number <= settled) return;
      if (how === "overloaded") return lower(afterOverload, newest);
      if (how !== "answered" || !isHeldBack(begun)) return;
      raise();
      answers += 1;
      // What takes no time that can be measured would have boundless throughput.
      latencySum += Math.max(latencyMs, 1);
      parallelSum += begun.limit;
      if (answers >= enoughAnswers) look(newest);
    },
  };

  /** While it doubles, who uses half of it may be about to use all. */
  function isHeldBack({ inUse, limit: limitThen }: Begun): boolean {
    return inUse * (isDoubling ? 2 : 1) >= limitThen;
  }
}
