import { openAllowance } from "./allowance.js";

/** What may be sent within a minute, evenly spread. */
export interface Budget {
  /** How long until a request of so many tokens may go, in milliseconds. */
  delayMs(tokens: number, nowMs: number): number;
  begin(tokens: number, nowMs: number): void;
  /** So many tokens more than thought, or fewer. */
  correct(tokens: number): void;
}

const minuteSeconds = 60;
const burstSeconds = 0.1;

export function perMinute(most: number): Budget {
  const allowance = openAllowance();
  const burst = Math.max(1, (most / minuteSeconds) * burstSeconds);
  return {
    delayMs(amount, nowMs) {
      allowance.grow(nowMs, (most - burst + 1) / minuteSeconds, burst);
      return allowance.delayMs(amount);
    },
    begin: (amount) => allowance.take(amount),
    correct: (amount) => allowance.take(amount),
  };
}
