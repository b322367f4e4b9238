import type { Attempt } from "./attempt.js";
import type { PlacedQuestion } from "./question-of-line.js";
import { openQuestionQueue, type QuestionQueueEvents } from "./question-queue.js";
import { openRetryQueue } from "./retry-queue.js";

/** What is still to be asked. */
export interface Attempts {
  /**
   * What is asked next: what waits to be asked again and is due, else a new question, but none while too
   * many wait. It stays until it is taken; `undefined` where there is none at present.
   *
   * @param concurrency - how many may be on their way.
   */
  next(now: number, concurrency: number): Attempt | undefined;
  /** Takes out what `next` has just returned. */
  take(): void;
  /** Asks again, from `dueAt` on. */
  again(attempt: Attempt, dueAt: number): void;
  /** When the first one that waits is due; `Infinity` where none waits. */
  readonly nextDueAt: number;
  close(): Promise<void>;
}

/** How questions are read and weighed, and who is told what becomes of the reading. */
export interface AttemptOptions extends QuestionQueueEvents {
  read(signal: AbortSignal): AsyncGenerator<readonly PlacedQuestion[]>;
  /** About how many tokens a request may cost. */
  tokensOf(body: Buffer): number;
}

const fewestWaiting = 64;
const mostWaitingBytes = 67_108_864;

/** Begins to read the questions. */
export function openAttempts({ read, tokensOf, ...events }: AttemptOptions): Attempts {
  const questions = openQuestionQueue(read, events);
  const retries = openRetryQueue();
  let fresh: Attempt | undefined;
  let isRetry = false;

  function nextFresh(): Attempt | undefined {
    if (fresh) return fresh;
    const question = questions.take();
    if (!question) return undefined;
    fresh = { question, tokens: tokensOf(question.body), failures: 0, pauses: 0 };
    return fresh;
  }

  return {
    next(now, concurrency) {
      const due = retries.due(now);
      isRetry = due !== undefined;
      if (due) return due;
      const mostWaiting = Math.max(fewestWaiting, 2 * concurrency);
      const areFew = retries.size <= mostWaiting && retries.bytes <= mostWaitingBytes;
      return areFew ? nextFresh() : undefined;
    },
    take() {
      if (isRetry) retries.take();
      else fresh = undefined;
    },
    again(attempt, dueAt) {
      const { question } = attempt;
      // A copy: what it was cut from is many times as long, and need not be kept for it.
      const kept = { ...question, body: Buffer.from(question.body) };
      retries.add({ ...attempt, question: kept }, dueAt);
    },
    get nextDueAt() {
      return retries.nextDueAt;
    },
    close: questions.close,
  };
}
