/** The right to run a job, for one run of the engine, as long as it shows signs of life. */
export interface Lease {
  readonly life: string;
  /** How often it was renewed. */
  readonly beats: number;
  /**
   * How long it may stay unchanged, in milliseconds, by the clock of whoever watches it: then whoever
   * has it is taken for dead.
   */
  readonly leaseMs: number;
}
