/** One figure and the most it may be. */
export interface Goal {
  readonly name: string;
  readonly measured: number;
  readonly most: number;
  /** How many digits behind the point are shown. Default: 0. */
  readonly digits?: number;
}

/** Says of each goal whether this run met it. Never fails: times depend on the machine. */
export function printGoals(goals: readonly Goal[]): void {
  for (const { name, measured, most, digits = 0 } of goals) {
    const verdict = measured <= most ? "met" : "missed";
    console.log(`Goal: ${name} at most ${most}: ${measured.toFixed(digits)}, ${verdict}.`);
  }
}
