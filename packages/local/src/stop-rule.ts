import { LangBatchError } from "@langbatch/core";
import { statedReason } from "./stated-reason.js";
import type { Verdict } from "./verdict.js";

/** Tells when it is of no use to go on asking. */
export interface StopRule {
  /** How many requests may be on their way: few, until one was not hopeless. */
  readonly mostOnTheWay: number;
  /** Notes what came of a request. Returns why the run is to stop, where it is. */
  note(verdict: Verdict, now: number): LangBatchError | undefined;
  /**
   * Why the run is to stop where only time tells: nothing but requests to come later has come for long.
   *
   * @param oldestBeganAt - when the oldest request on its way began: one that takes its time is worked on.
   */
  overdue(now: number, oldestBeganAt: number): LangBatchError | undefined;
  /** When to look whether it is overdue; `Infinity` where nothing is to be feared. */
  readonly overdueAt: number;
}

const probes = 4;
const mostHopeless = 3;
const mostPauseMs = 600_000;

/** A request that has been on its way for so long was not sent away. */
const workedOnMs = 60_000;

type Postponed = Extract<Verdict, { readonly is: "again" }>;

/** Nothing has been asked yet. */
export function openStopRule(): StopRule {
  let mostOnTheWay = probes;
  let hopeless = 0;
  /** The last of those who say nothing but to come later, and since when. */
  let postponed: Postponed | undefined;
  let postponedSince = Number.POSITIVE_INFINITY;

  return {
    get mostOnTheWay() {
      return mostOnTheWay;
    },
    note(verdict, now) {
      if (verdict.is === "hopeless") {
        hopeless += 1;
        return hopeless >= mostHopeless ? verdict.error : undefined;
      }
      hopeless = 0;
      mostOnTheWay = Number.POSITIVE_INFINITY;
      if (verdict.is === "again" && !verdict.counts) {
        postponed = verdict;
        postponedSince = Math.min(postponedSince, now);
      } else {
        postponed = undefined;
        postponedSince = Number.POSITIVE_INFINITY;
      }
      return undefined;
    },
    overdue(now, oldestBeganAt) {
      if (!postponed || now < postponedSince + mostPauseMs) return undefined;
      return now - oldestBeganAt > workedOnMs ? undefined : quotaError(postponed);
    },
    get overdueAt() {
      return postponedSince + mostPauseMs;
    },
  };
}

function quotaError({ result, retryAfterMs }: Postponed): LangBatchError {
  const reason = statedReason(result);
  const said = `For 10 minutes the service has only said to come later${reason ? `: ${reason}` : ""}`;
  return new LangBatchError("quota", /[.!?…]$/.test(said) ? said : `${said}.`, {
    retryable: true,
    provider: "local",
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
