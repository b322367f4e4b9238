import type { Refusal } from "./serve-chat.js";

/** The ways in which endpoints count; each refuses what is over the limit. */
export type LimitKind = "bucket" | "windows";

/** Says of each request, as it arrives, whether it is refused. */
export type Limit = (nowMs: number) => Refusal | undefined;

export function openLimit(kind: LimitKind, requestsPerSecond: number): Limit {
  return kind === "bucket" ? tokenBucket(requestsPerSecond) : fixedWindows(requestsPerSecond);
}

/** Fills evenly, holds what comes in a second, and says nothing of when to come again. */
function tokenBucket(requestsPerSecond: number): Limit {
  const most = requestsPerSecond;
  let held = most;
  let filledAt = 0;
  return (nowMs) => {
    held = Math.min(most, held + ((nowMs - filledAt) / 1000) * requestsPerSecond);
    filledAt = nowMs;
    if (held < 1) return {};
    held -= 1;
    return undefined;
  };
}

/** Counts from second to second, and says that the next one is a second away. */
function fixedWindows(requestsPerSecond: number): Limit {
  let window = 0;
  let admitted = 0;
  return (nowMs) => {
    const now = Math.floor(nowMs / 1000);
    if (now !== window) {
      window = now;
      admitted = 0;
    }
    if (admitted >= requestsPerSecond) return { retryAfterSeconds: 1 };
    admitted += 1;
    return undefined;
  };
}
