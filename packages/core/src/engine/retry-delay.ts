const firstRetryMs = 2_000;
const longestRetryMs = 600_000;

/** Who asks for more than an hour is asked once an hour: limits are raised, and bills are paid. */
const longestWishMs = 3_600_000;

/**
 * When to ask again after the `count`th refusal, in milliseconds from now: doubling, with half of it
 * left to chance, and not before the provider wishes (`retryAfterMs`).
 */
export function retryDelayMs(count: number, random: number, retryAfterMs = 0): number {
  const full = Math.min(firstRetryMs * 2 ** count, longestRetryMs);
  const own = full / 2 + (full / 2) * random;
  return Math.max(own, Math.min(retryAfterMs, longestWishMs));
}
