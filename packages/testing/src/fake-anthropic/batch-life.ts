/** What a batch's `processing_status` truly is. */
export type BatchStatus = "in_progress" | "canceling" | "ended";

/** How long each part of a batch's life takes, in milliseconds of the server's clock. */
export interface LifeTimes {
  readonly runningMs: number;
  readonly cancelingMs: number;
  readonly expiresMs: number;
}

/** What decides how a batch lives. */
export interface LifeFacts {
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** When it was asked to cancel, where it was. */
  readonly cancelingAt: number | undefined;
  /** Whether some of its requests are never answered. */
  readonly hasUnanswerable: boolean;
  /** How much later than it should it ends, in milliseconds. */
  readonly lateMs: number;
}

/** Why requests of a batch that has ended have no answer. */
export type StopReason = "canceled" | "expired";

/** A batch at one moment. Times are milliseconds since 1970. */
export interface Life {
  readonly status: BatchStatus;
  /** Which part of its requests is answered, from 0 to 1. */
  readonly share: number;
  readonly expiresAt: number;
  /** Only there once it is past. */
  readonly endedAt: number | undefined;
  /** What becomes of the requests that are not answered when it ends. */
  readonly stop: StopReason;
}

/** A batch's state as a function of time alone: nothing runs in between. */
export function lifeAt(facts: LifeFacts, times: LifeTimes, now: number): Life {
  const { createdAt, cancelingAt, lateMs } = facts;
  const answeredAt = createdAt + times.runningMs;
  const expiresAt = createdAt + times.expiresMs;

  function shareAt(moment: number): number {
    return moment >= answeredAt ? 1 : (moment - createdAt) / times.runningMs;
  }

  if (cancelingAt !== undefined) {
    const endsAt = cancelingAt + times.cancelingMs + lateMs;
    const life = { share: shareAt(Math.min(cancelingAt, expiresAt)), expiresAt };
    return now < endsAt
      ? { ...life, stop: "canceled", status: "canceling", endedAt: undefined }
      : { ...life, stop: "canceled", status: "ended", endedAt: endsAt };
  }
  const expires = facts.hasUnanswerable || answeredAt > expiresAt;
  const endsAt = (expires ? expiresAt : answeredAt) + lateMs;
  const life = { share: shareAt(Math.min(now, expiresAt)), expiresAt };
  return now < endsAt
    ? { ...life, stop: "expired", status: "in_progress", endedAt: undefined }
    : { ...life, stop: "expired", status: "ended", endedAt: endsAt };
}
