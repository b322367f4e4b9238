import type { Attempt } from "./attempt.js";
import { pauseMs, retryDelayMs } from "./retry-delay.js";
import type { Result, Verdict } from "./verdict.js";

/** What becomes of a request that was asked. */
export type AfterVerdict =
  /** This is its result. */
  | { readonly next: "keep"; readonly result: Result }
  /** It is asked again. `isToldSo`: because it was told to come later. */
  | {
      readonly next: "again";
      readonly attempt: Attempt;
      readonly delayMs: number;
      readonly isToldSo: boolean;
    };

/** Nobody is there, or nobody lets us in: the run stops after few of these. */
const hopelessPauseMs = 1_000;

/** @param retries - how often a request is asked again whose failures count. */
export function afterVerdict(
  verdict: Verdict,
  attempt: Attempt,
  retries: number,
  random: number,
): AfterVerdict {
  const { failures, pauses } = attempt;
  if (verdict.is === "result") return { next: "keep", result: verdict };
  if (verdict.is === "hopeless") {
    return { next: "again", attempt, delayMs: hopelessPauseMs, isToldSo: false };
  }
  if (!verdict.counts) {
    const delayMs = pauseMs(pauses, random, verdict.retryAfterMs);
    return { next: "again", attempt: { ...attempt, pauses: pauses + 1 }, delayMs, isToldSo: true };
  }
  if (failures >= retries) return { next: "keep", result: verdict.result };
  const delayMs = retryDelayMs(failures + 1, random, verdict.retryAfterMs);
  const retry = { ...attempt, failures: failures + 1, pauses: 0 };
  return { next: "again", attempt: retry, delayMs, isToldSo: false };
}
