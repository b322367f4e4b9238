const firstRetryMs = 1_000;
const longestRetryMs = 60_000;
const firstPauseMs = 250;
const mostDoublings = 6;

/** Who asks to be left alone for more than an hour is asked once an hour. */
const longestWishMs = 3_600_000;

/** When a request that failed is asked again: the `attempt`th time (from 1), in milliseconds from now. */
export function retryDelayMs(attempt: number, random: number, retryAfterMs = 0): number {
  const most = Math.min(longestRetryMs, firstRetryMs * 2 ** (attempt - 1));
  return Math.max(random * most, Math.min(retryAfterMs, longestWishMs));
}

/**
 * When a request is asked again that was told to come later: after it was told so `count` times before, in
 * milliseconds from now, half of it left to chance.
 */
export function pauseMs(count: number, random: number, retryAfterMs = 0): number {
  const full = firstPauseMs * 2 ** Math.min(count, mostDoublings);
  return Math.max(full / 2 + (full / 2) * random, Math.min(retryAfterMs, longestWishMs));
}
