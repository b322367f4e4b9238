import type { PlacedQuestion } from "./question-of-line.js";

/** The questions that are asked next, read a little ahead. */
export interface QuestionQueue {
  /** The next one, or `undefined` where none is there at present. */
  take(): PlacedQuestion | undefined;
  /** Ends the reading, and waits until it has ended. */
  close(): Promise<void>;
}

/** Who is told what becomes of the reading. */
export interface QuestionQueueEvents {
  /** There are some again. */
  ready(): void;
  failed(error: unknown): void;
}

/** Begins to read. `read` ends when its signal is aborted. */
export function openQuestionQueue(
  read: (signal: AbortSignal) => AsyncGenerator<readonly PlacedQuestion[]>,
  { ready, failed }: QuestionQueueEvents,
): QuestionQueue {
  let current: readonly PlacedQuestion[] = [];
  let ahead: readonly PlacedQuestion[] | undefined;
  let at = 0;
  const closing = new AbortController();
  const batches = read(closing.signal);

  async function readAhead(): Promise<void> {
    try {
      const next = await batches.next();
      if (next.done || closing.signal.aborted) return;
      ahead = next.value;
      if (at >= current.length) ready();
    } catch (error) {
      if (!closing.signal.aborted) failed(error);
    }
  }

  void readAhead();
  return {
    take() {
      if (at >= current.length && ahead) {
        current = ahead;
        ahead = undefined;
        at = 0;
        void readAhead();
      }
      const question = current[at];
      if (question) at += 1;
      return question;
    },
    async close() {
      closing.abort();
      current = [];
      ahead = undefined;
      await batches.return(undefined).catch(() => {});
    },
  };
}
