import type { SeededRandom } from "../support/seeded-random.js";

/** When a life of the script ends. */
export type KillMoment =
  /** This long after the server has seen the life's nth request; 0: before it answers. */
  | { readonly by: "request"; readonly nth: number; readonly delayMs: number }
  /** After this part of the time that a whole life takes, counted from its first line. */
  | { readonly by: "time"; readonly share: number };

/**
 * Half of them by what the server sees, and of those most near the first requests, where the creates
 * are; half of them anywhere.
 */
export function drawMoment(random: SeededRandom): KillMoment {
  if (random.share() < 0.5) return { by: "time", share: random.share() };
  const nth = random.pick([1, 1, 2, 2, 3, 4, 5]);
  // Most steps take a few milliseconds, so short delays tell more of them apart.
  const delayMs = random.share() < 0.25 ? 0 : Math.round(40 * random.share() ** 2);
  return { by: "request", nth, delayMs };
}
