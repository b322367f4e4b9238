/** What is remembered of a request that is on its way. */
export interface Begun {
  /** Requests are numbered as they begin, from 1. */
  readonly number: number;
  /** When it began, in milliseconds. */
  readonly atMs: number;
  /** How many might be on their way at that time. */
  readonly limit: number;
  /** How many were, with this one. */
  readonly inUse: number;
}
