import type { RateLimitHints } from "./rate-limit-hints.js";

/** How one request ended, as far as it tells how much the endpoint bears. */
export interface PassageEnd {
  /**
   * `answered`: it had time for it, whatever it said. `failed`: it tells nothing of load.
   * `overloaded`: 503, 529, or no answer in time. `rate-limited`: 429.
   */
  readonly how: "answered" | "failed" | "overloaded" | "rate-limited";
  /** How long the answer took, in milliseconds. */
  readonly latencyMs: number;
  /** The tokens it cost, where the answer says so. */
  readonly tokens?: number | undefined;
  /** How long the endpoint asks to be left alone, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** What its headers say of its limits. */
  readonly hints?: RateLimitHints | undefined;
}

/** One request on its way. */
export interface Passage {
  /** Its answer is there, or it has failed. Call it once. */
  end(how: PassageEnd): void;
  /** Its place is free again: after `end`, once what came of it is kept. Call it once. */
  release(): void;
}

/**
 * Lets requests go, as many and as fast as the endpoint bears. It keeps no timer: who waits asks again
 * after `delayMs`, and whenever a passage was released or has ended.
 */
export interface Gate {
  /**
   * How long until a request of so many estimated tokens may go, in milliseconds: 0 where it may go
   * now, `Infinity` where not before another one is released.
   */
  delayMs(tokens: number): number;
  /** A request goes. Only where `delayMs` says 0. */
  begin(tokens: number): Passage;
  /** How many may be on their way at present. */
  readonly concurrency: number;
}
