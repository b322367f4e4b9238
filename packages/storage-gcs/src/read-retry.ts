import type { Place } from "./place.js";

/** The SDK's own, where the client was given none (npm `@google-cloud/storage` 7.22.0, `src/storage.ts`). */
const normal = { maxRetries: 3, retryDelayMultiplier: 2, maxRetryDelay: 64 } as const;

/**
 * Waits before a read is tried again, as the client's own retry options say.
 *
 * @param attempt How often it has been tried, from 1.
 * @returns `false` where it is not to be tried again: the error lasts, or it was tried often enough.
 */
export async function waitToRetry(
  error: unknown,
  attempt: number,
  { bucket }: Place,
): Promise<boolean> {
  const { autoRetry, retryableErrorFn, ...given } = bucket.storage.retryOptions;
  const { maxRetries, retryDelayMultiplier, maxRetryDelay } = { ...normal, ...given };
  const isRetryable = retryableErrorFn?.(error as Parameters<typeof retryableErrorFn>[0]) ?? false;
  if (autoRetry === false || attempt > maxRetries || !isRetryable) return false;
  const seconds = Math.min(retryDelayMultiplier ** (attempt - 1) + Math.random(), maxRetryDelay);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return true;
}
