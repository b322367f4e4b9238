import { setImmediate } from "node:timers/promises";
import type { Random } from "./random.js";

interface Event {
  readonly time: number;
  /** Decides between events of the same time. */
  readonly tie: number;
  readonly run: () => void;
}

/**
 * Virtual time, and what happens in it, one event after the other. The next one waits until everything
 * that follows from the last has come to rest: nothing in a simulated world waits for anything but
 * events and promises.
 */
export class Scheduler {
  /** Milliseconds since the schedule began. */
  now = 0;
  readonly #random: Random;
  readonly #isLonely: boolean;
  /** The soonest is last. There are few at any time. */
  readonly #events: Event[] = [];

  /** `isLonely`: no process ever does two things at the same time. */
  constructor(random: Random, isLonely: boolean) {
    this.#random = random;
    this.#isLonely = isLonely;
  }

  /** Lets something happen at a time that is not over yet. */
  at(time: number, run: () => void): void {
    const event: Event = { time: Math.max(time, this.now), tie: this.#random.next(), run };
    let at = this.#events.length;
    while (at > 0 && isBefore(this.#events[at - 1], event)) at -= 1;
    this.#events.splice(at, 0, event);
  }

  /**
   * Waits for a time. Where nothing else can happen by then, the time is simply there, without a
   * promise: most of the effects of a lonely process.
   */
  pass(until: number): Promise<void> | undefined {
    const next = this.#events.at(-1);
    if (this.#isLonely && (!next || until < next.time)) {
      this.now = Math.max(this.now, until);
      return undefined;
    }
    return new Promise((resolve) => {
      this.at(until, resolve);
    });
  }

  /** Lets everything happen, until nothing is left that could. */
  async run(): Promise<void> {
    for (let event = this.#events.pop(); event; event = this.#events.pop()) {
      this.now = event.time;
      event.run();
      await setImmediate();
    }
  }
}

function isBefore(before: Event | undefined, event: Event): boolean {
  if (!before) return false;
  return before.time < event.time || (before.time === event.time && before.tie < event.tie);
}
