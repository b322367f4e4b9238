import { type FakeAccount, isSameAccount } from "./accounts.js";
import { Refusal } from "./reply.js";
import type { InputProblem } from "./validate-input.js";

/** How much an account may have at the service at once. */
export interface RoomLimits {
  /** Batches that have not ended; one more is refused with 429. */
  readonly maxActiveBatches: number;
  /** Tokens of the inputs of those; the batch that brings more is taken, and fails. */
  readonly maxEnqueuedTokens: number;
  /** What `retry-after` says with the 429, in seconds; nothing where it is `undefined`. */
  readonly retryAfterSeconds: number | undefined;
}

/** A batch that takes room. */
export interface RoomTaker {
  readonly owner: FakeAccount;
  readonly inputBytes: number;
}

/**
 * Whether there is room for one more beside those that are active.
 *
 * @returns why it must fail, as the service finds out after it has taken the batch: the problems of
 * its job. None where there is room.
 * @throws Refusal where it is not even taken.
 */
export function findRoom(
  active: readonly RoomTaker[],
  batch: RoomTaker,
  { maxActiveBatches, maxEnqueuedTokens, retryAfterSeconds }: RoomLimits,
): readonly InputProblem[] {
  const own = active.filter(({ owner }) => isSameAccount(owner, batch.owner));
  if (own.length >= maxActiveBatches) {
    const message = `Too many active batches: at most ${maxActiveBatches} at once.`;
    const wish = retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) };
    throw new Refusal(429, message, { code: "rate_limit_exceeded", headers: { ...wish } });
  }
  const enqueued = own.reduce((sum, taker) => sum + tokensOf(taker), 0);
  const tokens = tokensOf(batch);
  if (enqueued + tokens <= maxEnqueuedTokens) return [];
  const code = "token_limit_exceeded";
  const message = `Enqueued token limit reached. Limit: ${maxEnqueuedTokens} enqueued tokens. Please try again once some in_progress batches have been completed.`;
  return [{ code, message, line: null, param: null }];
}

/** Four bytes a token: nobody counts exactly here. */
function tokensOf({ inputBytes }: RoomTaker): number {
  return Math.ceil(inputBytes / 4);
}
