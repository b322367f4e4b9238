/** The time a fake server lives by. */
export interface FakeClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Moves the time on by this many milliseconds; it never goes back. */
  advance(ms: number): void;
}

/** Where the controllable clock starts: a fixed date, so that a test reads the same on every day. */
const start: number = Date.UTC(2026, 0, 1);

/** `fake` stands still until it is advanced; `real` runs by itself and can be advanced as well. */
export function createClock(kind: "fake" | "real"): FakeClock {
  let advanced = 0;
  return {
    now: () => (kind === "real" ? Date.now() : start) + advanced,
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`A clock cannot advance by ${ms} ms.`);
      advanced += ms;
    },
  };
}
