/** How far a run has come, for one who waits for it and does not want to hear of every request. */
export interface News {
  /**
   * Resolves with `true` when there is something new, at the earliest an interval after the last time;
   * with `false` when the run is complete. Rejects with why it failed, after the last that was new. One
   * waits at a time.
   */
  next(now: number): Promise<boolean>;
  /** Something is new. */
  tell(now: number): void;
  /** Lets the one who waits know, if it is time. */
  rang(now: number): void;
  /** When to ring; `Infinity` where nobody waits or nothing is new. */
  readonly dueAt: number;
  /** The run is complete, or has failed. What is said first counts. */
  end(failure?: Failure): void;
  readonly isEnded: boolean;
}

/** Why a run has failed. */
interface Failure {
  readonly error: unknown;
}

interface Waiting {
  resolve(isNew: boolean): void;
  reject(error: unknown): void;
}

const intervalMs = 250;

/** Nothing is new yet. What there was at `shownAt`, by the clock of all the times here, is known. */
export function openNews(shownAt: number): News {
  let lastShownAt = shownAt;
  let waiting: Waiting | undefined;
  let isNew = false;
  let end: { readonly failure: Failure | undefined } | undefined;

  function settle(now: number): void {
    if (!waiting) return;
    const { resolve, reject } = waiting;
    const failure = end?.failure;
    const isTime = end ? failure !== undefined : now >= lastShownAt + intervalMs;
    if (isNew && isTime) {
      isNew = false;
      lastShownAt = now;
      resolve(true);
    } else if (failure) {
      reject(failure.error);
    } else if (end) {
      resolve(false);
    } else {
      return;
    }
    waiting = undefined;
  }

  return {
    next(now) {
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        settle(now);
      });
    },
    tell(now) {
      isNew = true;
      settle(now);
    },
    rang: settle,
    get dueAt() {
      return waiting && isNew ? lastShownAt + intervalMs : Number.POSITIVE_INFINITY;
    },
    end(failure) {
      end ??= { failure };
      settle(Number.NEGATIVE_INFINITY);
    },
    get isEnded() {
      return end !== undefined;
    },
  };
}
