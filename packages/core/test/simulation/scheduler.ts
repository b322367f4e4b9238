import type { Random } from "./random.js";

interface Event {
  readonly time: number;
  /** Decides between events of the same time. */
  readonly tie: number;
  readonly run: () => void;
}

/**
 * Virtual time, and what happens in it, one event after the other. While a process computes or reads
 * real files, nothing else happens: the next event waits until that process is parked again.
 */
export class Scheduler {
  /** Milliseconds since the schedule began. */
  now = 0;
  readonly #random: Random;
  /** The soonest is last. There are few at any time. */
  readonly #events: Event[] = [];
  #isComputing = false;
  #parked: (() => void) | undefined;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Lets something happen at a time that is not over yet. */
  at(time: number, run: () => void): void {
    const event: Event = { time: Math.max(time, this.now), tie: this.#random.next(), run };
    let at = this.#events.length;
    while (at > 0 && isBefore(this.#events[at - 1], event)) at -= 1;
    this.#events.splice(at, 0, event);
  }

  /**
   * Parks the process that computes until a time. Where nothing else can happen by then, the time is
   * simply there, without a promise: most of the effects of a lonely process.
   */
  pass(until: number): Promise<void> | undefined {
    const next = this.#events.at(-1);
    if (!next || until < next.time) {
      this.now = Math.max(this.now, until);
      return undefined;
    }
    return new Promise((resolve) => {
      this.at(until, () => {
        this.wake();
        resolve();
      });
      this.park();
    });
  }

  /** A process computes from now on. */
  wake(): void {
    this.#isComputing = true;
  }

  /** The process that computed waits for an event, or has ended. */
  park(): void {
    this.#isComputing = false;
    const parked = this.#parked;
    this.#parked = undefined;
    parked?.();
  }

  /** Lets everything happen, until nothing is left that could. */
  async run(): Promise<void> {
    for (let event = this.#events.pop(); event; event = this.#events.pop()) {
      this.now = event.time;
      event.run();
      if (!this.#isComputing) continue;
      await new Promise<void>((resolve) => {
        this.#parked = resolve;
      });
    }
  }
}

function isBefore(before: Event | undefined, event: Event): boolean {
  if (!before) return false;
  return before.time < event.time || (before.time === event.time && before.tie < event.tie);
}
