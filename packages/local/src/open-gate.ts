import { adaptiveConcurrency, fixedConcurrency } from "./adaptive-concurrency.js";
import type { Begun } from "./begun.js";
import type { Gate, Passage, PassageEnd } from "./gate.js";
import { learnedPace } from "./learned-pace.js";

export interface GateOptions {
  readonly concurrency?: number | undefined;
  readonly maxConcurrency?: number | undefined;
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
}

export function openGate(options: GateOptions, now: () => number): Gate {
  const { concurrency: fixed, maxConcurrency = 256 } = options;
  const concurrency =
    fixed === undefined ? adaptiveConcurrency(maxConcurrency) : fixedConcurrency(fixed);
  const pace = learnedPace();
  let newest = 0;
  let inUse = 0;

  class Going implements Passage, Begun {
    readonly number = newest;
    readonly atMs: number;
    readonly limit: number = concurrency.limit;
    readonly inUse: number = inUse;
    #hasEnded = false;
    #isReleased = false;
    constructor(atMs: number) { this.atMs = atMs; }
    end(end: PassageEnd) {
      if (this.#hasEnded) return;
      this.#hasEnded = true;
      const nowMs = now();
      concurrency.end(this, end, newest);
      pace.end(this, end, nowMs, newest);
    }
    release() {
      if (this.#isReleased) return;
      this.#isReleased = true;
      inUse -= 1;
    }
  }

  return {
    get concurrency() { return concurrency.limit; },
    delayMs(tokens) {
      if (inUse >= concurrency.limit) return Number.POSITIVE_INFINITY;
      return pace.delayMs(now());
    },
    begin(tokens) {
      newest += 1;
      inUse += 1;
      const nowMs = now();
      pace.begin(nowMs);
      return new Going(nowMs);
    },
  };
}
