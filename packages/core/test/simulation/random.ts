/** Chance that can be repeated: the same seed rolls the same dice. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of the values, all equally likely. */
  pick<T>(values: readonly [T, ...T[]]): T;
  /** The values in any order. */
  shuffle<T>(values: readonly T[]): T[];
}

/** A generator of 32 bits of state (mulberry32): enough for choices, and fast. */
export function seededRandom(seed: number): Random {
  // Neighbouring seeds must not look alike.
  let state = Math.imul(seed + 1, 0x9e3779b1) ^ Math.floor(seed / 0x1_0000_0000);

  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));

  return {
    next,
    between,
    chance: (probability) => probability > 0 && next() < probability,
    pick: (values) => values[between(0, values.length - 1)] ?? values[0],
    shuffle(values) {
      const shuffled = [...values];
      for (let last = shuffled.length - 1; last > 0; last -= 1) {
        const other = between(0, last);
        const value = shuffled[last];
        shuffled[last] = shuffled[other] as (typeof shuffled)[number];
        shuffled[other] = value as (typeof shuffled)[number];
      }
      return shuffled;
    },
  };
}
