import type { Attempt } from "./attempt.js";

/** Requests that wait to be asked again. */
export interface RetryQueue {
  add(attempt: Attempt, dueAt: number): void;
  /** The one that is due first, if it is due by now. It stays. */
  due(now: number): Attempt | undefined;
  /** Takes out the one that is due first. */
  take(): void;
  /** When the first one is due; `Infinity` where none waits. */
  readonly nextDueAt: number;
  readonly size: number;
  /** How many bytes their bodies have. */
  readonly bytes: number;
}

/** Nothing waits yet. Made for some hundreds that wait, not for many thousands. */
export function openRetryQueue(): RetryQueue {
  // The one that is due first stands last, where it is taken out without moving the others.
  const waiting: { readonly attempt: Attempt; readonly dueAt: number }[] = [];
  let bytes = 0;

  return {
    add(attempt, dueAt) {
      let low = 0;
      let high = waiting.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((waiting[middle]?.dueAt ?? 0) > dueAt) low = middle + 1;
        else high = middle;
      }
      waiting.splice(low, 0, { attempt, dueAt });
      bytes += attempt.question.body.length;
    },
    due(now) {
      const first = waiting.at(-1);
      return first && first.dueAt <= now ? first.attempt : undefined;
    },
    take() {
      bytes -= waiting.pop()?.attempt.question.body.length ?? 0;
    },
    get nextDueAt() {
      return waiting.at(-1)?.dueAt ?? Number.POSITIVE_INFINITY;
    },
    get size() {
      return waiting.length;
    },
    get bytes() {
      return bytes;
    },
  };
}
