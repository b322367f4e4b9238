/** One figure and the most or the least it may be. */
export type Goal = {
  readonly name: string;
  readonly measured: number;
  /** How many digits behind the point are shown. Default: 0. */
  readonly digits?: number;
} & ({ readonly most: number } | { readonly least: number });

/** Says of each goal whether this run met it. Never fails: times depend on the machine. */
export function printGoals(goals: readonly Goal[]): void {
  for (const goal of goals) {
    const { name, measured, digits = 0 } = goal;
    const isMet = "most" in goal ? measured <= goal.most : measured >= goal.least;
    const bound = "most" in goal ? `at most ${goal.most}` : `at least ${goal.least}`;
    const verdict = isMet ? "met" : "missed";
    console.log(`Goal: ${name} ${bound}: ${measured.toFixed(digits)}, ${verdict}.`);
  }
}
