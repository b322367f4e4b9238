import type { Ports } from "@langbatch/core";

/** A clock that goes on by itself as soon as nobody has anything to do but wait for it. */
export interface Timeline {
  readonly now: () => number;
  readonly sleep: Ports["sleep"];
}

/** How many turns without a sleeper waking count as nothing to do: files need a few. */
const idleTurns = 20;

export function openTimeline(start: number = Date.UTC(2026, 0, 1)): Timeline {
  let now = start;
  let isGoing = false;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();

  async function goOn(): Promise<void> {
    while (sleepers.size > 0) {
      for (let turn = 0; turn < idleTurns; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      const [first] = [...sleepers].toSorted((a, b) => a.at - b.at);
      if (!first) break;
      sleepers.delete(first);
      now = Math.max(now, first.at);
      first.wake();
    }
    isGoing = false;
  }

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const wake = () => {
          signal?.removeEventListener("abort", abort);
          resolve();
        };
        const sleeper = { at: now + ms, wake };
        signal?.addEventListener("abort", abort, { once: true });
        sleepers.add(sleeper);
        if (isGoing) return;
        isGoing = true;
        void goOn();
      }),
  };
}
