/** Chance that can be had again: the same seed gives the same draws in the same order. */
export interface SeededRandom {
  /** At least 0, below 1. */
  share(): number;
  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
}

/** Mulberry32: a few lines, and its neighbouring seeds have nothing in common. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed | 0;

  function share(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  const integer = (least: number, most: number) => least + Math.floor(share() * (most - least + 1));

  return {
    share,
    integer,
    pick: (items) => items[integer(0, items.length - 1)] ?? items[0],
  };
}
