import { openAllowance } from "./allowance.js";

/** How much may be begun within a minute: requests, or tokens. */
export interface Budget {
  /** How long until so much may go, in milliseconds. */
  delayMs(amount: number, nowMs: number): number;
  /** So much goes; or so much more of what went, or less of it, than was thought. */
  take(amount: number): void;
}

const minuteSeconds = 60;
/** What may go at once, so that timers may be late: a tenth of a second's worth. */
const burstSeconds = 0.1;

/**
 * At most `most` within any minute, evenly spread. What is larger than the burst goes alone and is
 * waited for afterwards, so that a minute may hold so much more.
 */
export function perMinute(most: number): Budget {
  const allowance = openAllowance();
  const burst = Math.max(1, (most / minuteSeconds) * burstSeconds);
  // A minute holds the burst and what grows before its end, which is one less than what it ends with.
  const perSecond = (most - burst + 1) / minuteSeconds;
  return {
    delayMs(amount, nowMs) {
      allowance.grow(nowMs, perSecond, burst);
      return allowance.delayMs(amount);
    },
    take: (amount) => allowance.take(amount),
  };
}

/** No limit. */
export const boundless: Budget = { delayMs: () => 0, take() {} };
