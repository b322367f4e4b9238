/** An amount that grows with time and is taken from: a token bucket. */
export interface Allowance {
  /** Grows until now by so much a second, and not beyond `most`. */
  grow(nowMs: number, perSecond: number, most: number): void;
  /** How long until so much is there, at the pace at which it grew last; no more than `most` is waited for. */
  delayMs(amount: number): number;
  /** Takes it even where it is not there, so that a debt is left; less than nothing gives it back. */
  take(amount: number): void;
}

/** What floating point loses is no reason to wait. */
const rounding = 1e-9;

export function openAllowance(): Allowance {
  let left = Number.POSITIVE_INFINITY;
  let most = 0;
  let perMs = 0;
  let grownMs = 0;
  return {
    grow(nowMs, perSecond, limit) {
      perMs = perSecond / 1000;
      most = limit;
      left = Math.min(most, left + Math.max(0, nowMs - grownMs) * perMs);
      grownMs = nowMs;
    },
    delayMs(amount) {
      const missing = Math.min(amount, most) - left;
      return missing <= rounding ? 0 : missing / perMs;
    },
    take(amount) {
      left -= amount;
    },
  };
}
