import type { JobStatus } from "@langbatch/core";

/** How long each part of a batch's life takes, in milliseconds of the server's clock. */
export interface LifeTimes {
  readonly validatingMs: number;
  readonly runningMs: number;
  readonly finalizingMs: number;
  readonly cancellingMs: number;
  readonly completionWindowMs: number;
}

/** What decides how a batch lives. */
export interface LifeFacts {
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** When it was asked to cancel, where it was. */
  readonly cancellingAt: number | undefined;
  /** Whether its input is wrong, or it is made to fail. */
  readonly fails: boolean;
  /** Whether some of its requests are never answered. */
  readonly hasUnanswerable: boolean;
}

/** A batch at one moment. Times are milliseconds since 1970, and only there once they are past. */
export interface Life {
  readonly status: JobStatus;
  /** Which part of the answerable requests is answered, from 0 to 1. */
  readonly share: number;
  readonly expiresAt: number;
  readonly inProgressAt?: number;
  readonly finalizingAt?: number;
  readonly completedAt?: number;
  readonly failedAt?: number;
  readonly expiredAt?: number;
  readonly cancellingAt?: number;
  readonly cancelledAt?: number;
}

/** A batch's state as a function of time alone: nothing runs in between. */
export function lifeAt(facts: LifeFacts, times: LifeTimes, now: number): Life {
  const runsFrom = facts.createdAt + times.validatingMs;
  const answeredAt = runsFrom + times.runningMs;
  const completesAt = answeredAt + times.finalizingMs;
  const expiresAt = facts.createdAt + times.completionWindowMs;
  const expires = facts.hasUnanswerable || answeredAt > expiresAt;

  function shareAt(moment: number): number {
    if (moment < runsFrom) return 0;
    return moment >= answeredAt ? 1 : (moment - runsFrom) / times.runningMs;
  }

  const { cancellingAt } = facts;
  if (cancellingAt !== undefined) {
    const cancelledAt = cancellingAt + times.cancellingMs;
    const life = {
      share: shareAt(cancellingAt),
      expiresAt,
      cancellingAt,
      ...(cancellingAt >= runsFrom && { inProgressAt: runsFrom }),
    };
    return now < cancelledAt
      ? { ...life, status: "cancelling" }
      : { ...life, status: "cancelled", cancelledAt };
  }
  if (now < runsFrom) return { status: "validating", share: 0, expiresAt };
  if (facts.fails) return { status: "failed", share: 0, expiresAt, failedAt: runsFrom };

  const running = { share: shareAt(Math.min(now, expiresAt)), expiresAt, inProgressAt: runsFrom };
  if (expires) {
    return now < expiresAt
      ? { ...running, status: "in_progress" }
      : { ...running, status: "expired", finalizingAt: expiresAt, expiredAt: expiresAt };
  }
  if (now < answeredAt) return { ...running, status: "in_progress" };
  const answered = { ...running, finalizingAt: answeredAt };
  return now < completesAt
    ? { ...answered, status: "finalizing" }
    : { ...answered, status: "completed", completedAt: completesAt };
}

/** Whether nothing changes any more. */
export function isTerminal(status: JobStatus): boolean {
  return status === "completed" || status === "failed" || isStopped(status);
}

/** The ends that come before all is answered. */
export type StopStatus = "expired" | "cancelled";

/** Whether it ended before all was answered. */
export function isStopped(status: JobStatus): status is StopStatus {
  return status === "expired" || status === "cancelled";
}
