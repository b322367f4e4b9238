import { adaptiveConcurrency } from "./adaptive-concurrency.js";
import type { Begun } from "./begun.js";
import { boundless, perMinute } from "./budget.js";
import { fixedConcurrency } from "./concurrency.js";
import type { Gate, Passage, PassageEnd } from "./gate.js";
import { learnedPace } from "./learned-pace.js";

/** What the user says of how many requests may go. */
export interface GateOptions {
  /** As many on their way as possible, and never more. Default: as many as the endpoint bears. */
  readonly concurrency?: number | undefined;
  /** The most that are tried where `concurrency` is not given. Default: 256. */
  readonly maxConcurrency?: number | undefined;
  /** The most requests that begin within a minute. Default: no limit. */
  readonly requestsPerMinute?: number | undefined;
  /** The most tokens, as estimated and then as answered, within a minute. Default: no limit. */
  readonly tokensPerMinute?: number | undefined;
}

/**
 * A gate that holds to the options, which must be positive, and to what the endpoint shows that it
 * bears. `now` is in milliseconds and never jumps.
 */
export function openGate(options: GateOptions, now: () => number): Gate {
  const { concurrency: fixed, maxConcurrency = 256, requestsPerMinute, tokensPerMinute } = options;
  const concurrency =
    fixed === undefined ? adaptiveConcurrency(maxConcurrency) : fixedConcurrency(fixed);
  const requestBudget = requestsPerMinute === undefined ? boundless : perMinute(requestsPerMinute);
  const tokenBudget = tokensPerMinute === undefined ? boundless : perMinute(tokensPerMinute);
  const pace = learnedPace();
  let newest = 0;
  let inUse = 0;

  /** A class, as one is made for every request. */
  class OpenPassage implements Passage, Begun {
    readonly number = newest;
    readonly inUse = inUse;
    readonly limit = concurrency.limit;
    readonly atMs: number;
    readonly #tokens: number;
    #hasEnded = false;
    #isReleased = false;

    constructor(atMs: number, tokens: number) {
      this.atMs = atMs;
      this.#tokens = tokens;
    }

    end(end: PassageEnd): void {
      if (this.#hasEnded) return;
      this.#hasEnded = true;
      if (end.tokens !== undefined) tokenBudget.take(end.tokens - this.#tokens);
      concurrency.end(this, end, newest);
      pace.end(this, end, now(), newest);
    }

    release(): void {
      if (this.#isReleased) return;
      this.#isReleased = true;
      inUse -= 1;
    }
  }

  return {
    get concurrency() {
      return concurrency.limit;
    },
    delayMs(tokens) {
      if (inUse >= concurrency.limit) return Number.POSITIVE_INFINITY;
      const nowMs = now();
      return Math.max(
        pace.delayMs(nowMs),
        requestBudget.delayMs(1, nowMs),
        tokenBudget.delayMs(tokens, nowMs),
      );
    },
    begin(tokens) {
      const nowMs = now();
      newest += 1;
      inUse += 1;
      pace.begin(nowMs);
      requestBudget.take(1);
      tokenBudget.take(tokens);
      return new OpenPassage(nowMs, tokens);
    },
  };
}
