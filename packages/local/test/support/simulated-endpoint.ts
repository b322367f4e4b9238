import type { PassageEnd } from "../../src/gate.js";

/** How a server answers what arrives; decided at once, and there after `latencyMs`. */
export interface SimulatedEndpoint {
  /** `parallel` are on their way, with this one. */
  arrive(atMs: number, parallel: number): PassageEnd;
}

/** How long it takes to be turned away, where an answer takes longer. */
const refusalMs = 20;

/** How the answers of a server with a limit are. */
export interface LimitedAnswers {
  /** Requests a second. */
  readonly rate: number;
  readonly latencyMs: number;
  /** What its 429 say. Default: nothing. */
  readonly retryAfterMs?: number | undefined;
}

function takenOrRefused(isTaken: boolean, { latencyMs, retryAfterMs }: LimitedAnswers): PassageEnd {
  if (isTaken) return { how: "answered", latencyMs };
  return { how: "rate-limited", latencyMs: Math.min(latencyMs, refusalMs), retryAfterMs };
}

/** Takes `rate` requests in each second of the clock, or in each of other windows. */
export function fixedWindows(answers: LimitedAnswers, windowMs = 1000): SimulatedEndpoint {
  const most = (answers.rate * windowMs) / 1000;
  let window = -1;
  let count = 0;
  return {
    arrive(atMs) {
      if (Math.floor(atMs / windowMs) !== window) count = 0;
      window = Math.floor(atMs / windowMs);
      count += 1;
      return takenOrRefused(count <= most, answers);
    },
  };
}

/** Takes `rate` requests a second, and a second's worth at once after a rest. */
export function tokenBucket(answers: LimitedAnswers): SimulatedEndpoint {
  let left = answers.rate;
  let grownMs = 0;
  return {
    arrive(atMs) {
      left = Math.min(answers.rate, left + ((atMs - grownMs) * answers.rate) / 1000);
      grownMs = atMs;
      const isTaken = left >= 1;
      if (isTaken) left -= 1;
      return takenOrRefused(isTaken, answers);
    },
  };
}

/** Answers so many at a time, and 503 to who comes when all places are taken. */
export function parallelPlaces(places: number, latencyMs: () => number): SimulatedEndpoint {
  const freeMs = new Array<number>(places).fill(0);
  return {
    arrive(atMs) {
      const place = freeMs.findIndex((free) => free <= atMs);
      if (place < 0) return { how: "overloaded", latencyMs: refusalMs };
      const tookMs = latencyMs();
      freeMs[place] = atMs + tookMs;
      return { how: "answered", latencyMs: tookMs };
    },
  };
}

/** Turns nobody away; how long an answer takes depends on how many are on their way. */
export function everAnswering(latencyMs: (parallel: number) => number): SimulatedEndpoint {
  return { arrive: (_atMs, parallel) => ({ how: "answered", latencyMs: latencyMs(parallel) }) };
}
