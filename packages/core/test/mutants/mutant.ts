import type { Mode } from "../simulation/campaign.js";

/** One change of a source file of core. */
export interface Patch {
  /** Its path in `packages/core/src`. */
  readonly file: string;
  /** Text that occurs there exactly once. */
  readonly find: string;
  readonly replacement: string;
}

/** Simulated schedules, from the first seed on. */
export interface Budget {
  readonly mode: Mode;
  readonly schedules: number;
}

/** A deliberate break of the protocol, which the simulation must notice. */
export interface Mutant {
  readonly name: string;
  /** What is broken, as the end of a sentence: "notices when ...". */
  readonly broken: string;
  readonly patches: readonly Patch[];
  /**
   * Within what it is noticed: at least five times what it took when this was measured; or all there
   * are, in an exhaustive mode.
   */
  readonly killedBy: Budget;
}
