import { setImmediate } from "node:timers/promises";
import type { LocalPorts } from "../../src/local-options.js";

/** Time that passes only when nothing else happens. */
export interface VirtualClock {
  readonly ports: LocalPorts;
  /** Milliseconds since the clock was made. */
  readonly now: number;
  /** How many wait for a time. */
  readonly sleeping: number;
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
  /** Lets time pass, as far as it takes for the promise to settle. Fails where nothing could settle it. */
  run<Value>(promise: Promise<Value>): Promise<Value>;
  /** Lets this much time pass. */
  advance(ms: number): Promise<void>;
}

interface Sleeper {
  readonly time: number;
  wake(): void;
}

/** Some turns of the event loop, in which what was read from a blob arrives. */
const turns = 5;

/** @param random - what every throw of the die brings. */
export function virtualClock(random: () => number = () => 0.5): VirtualClock {
  let now = 0;
  const sleepers = new Set<Sleeper>();

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        time: now + ms,
        wake() {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", abort);
          resolve();
        },
      };
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener("abort", abort, { once: true });
      sleepers.add(sleeper);
    });
  }

  async function settle(): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) await setImmediate();
  }

  /** Wakes those who wait for the nearest time, in the order in which they came. Whether there is one. */
  function wakeNext(until: number): boolean {
    const time = Math.min(...Array.from(sleepers, (sleeper) => sleeper.time));
    if (sleepers.size === 0 || time > until) return false;
    now = Math.max(now, time);
    for (const sleeper of [...sleepers]) {
      if (sleeper.time === time && sleepers.has(sleeper)) sleeper.wake();
    }
    return true;
  }

  return {
    ports: { elapsed: () => now, sleep, random },
    get now() {
      return now;
    },
    get sleeping() {
      return sleepers.size;
    },
    settle,
    async run(promise) {
      let isSettled = false;
      const note = () => {
        isSettled = true;
      };
      promise.then(note, note);
      await settle();
      while (!isSettled) {
        if (!wakeNext(Number.MAX_VALUE)) throw new Error("Nothing waits for a time.");
        await settle();
      }
      return promise;
    },
    async advance(ms) {
      const until = now + ms;
      await settle();
      while (wakeNext(until)) await settle();
      now = until;
    },
  };
}
