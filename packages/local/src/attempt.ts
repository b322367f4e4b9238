import type { PlacedQuestion } from "./question-of-line.js";

/** A question, and how often it was asked in vain. */
export interface Attempt {
  readonly question: PlacedQuestion;
  /** What it may cost, for the gate; 0 where tokens are not limited. */
  readonly tokens: number;
  /** How many of its retries are used up. */
  readonly failures: number;
  /** How often it was told to come later since. */
  readonly pauses: number;
}
