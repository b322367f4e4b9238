import type { Begun } from "./begun.js";
import type { PassageEnd } from "./gate.js";

/** How many requests may be on their way at the same time. */
export interface Concurrency {
  /** A whole number from 1 up. */
  readonly limit: number;
  /** A request has ended, `newest` being the number of the one that began last. */
  end(begun: Begun, end: PassageEnd, newest: number): void;
}

/** Always as many, whatever comes of them. */
export function fixedConcurrency(limit: number): Concurrency {
  return { limit, end() {} };
}
