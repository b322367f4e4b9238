/** From 0 to below 1; the same seed gives the same ones (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** With a mean of 1, and as different as answers of language models are: exponentially distributed. */
export function anyLength(next: () => number): number {
  return -Math.log(1 - next());
}
