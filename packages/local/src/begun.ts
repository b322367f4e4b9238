/** What is kept of a request while it is on its way. */
export interface Begun {
  /** Requests are counted as they begin, from 1. */
  readonly number: number;
  readonly atMs: number;
  /** How many might be on their way when it began, and how many were, with it. */
  readonly limit: number;
  readonly inUse: number;
}
