/** An amount that grows with time and is taken from: a token bucket, which may be in debt. */
export interface Allowance {
  /** Grows until `nowMs`, at this pace, but not beyond `most`. */
  grow(nowMs: number, perSecond: number, most: number): void;
  /**
   * How long until so much is there, in milliseconds, at the pace at which it grew last. Who wants more
   * than there ever is need not wait for more than that.
   */
  delayMs(amount: number): number;
  /** Takes so much, even where it is not there; less than nothing is given back. */
  take(amount: number): void;
  /** Does not grow until then; no more than `most` is left. */
  pause(untilMs: number, most: number): void;
}

/** What calculating has lost is no reason to wait. */
const rounding = 1e-9;

/** One that is full when it grows first. */
export function openAllowance(): Allowance {
  let left = Number.POSITIVE_INFINITY;
  let full = 0;
  let perMs = 0;
  let grownMs = Number.NEGATIVE_INFINITY;
  return {
    grow(nowMs, perSecond, most) {
      perMs = perSecond / 1000;
      full = most;
      if (nowMs <= grownMs) return;
      left = Math.min(full, left + (nowMs - grownMs) * perMs);
      grownMs = nowMs;
    },
    delayMs(amount) {
      const missing = Math.min(amount, full) - left;
      return missing <= rounding ? 0 : missing / perMs;
    },
    take(amount) {
      left -= amount;
    },
    pause(untilMs, most) {
      left = Math.min(left, most);
      grownMs = Math.max(grownMs, untilMs);
    },
  };
}
