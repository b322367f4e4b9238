import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { perMinute } from "../src/budget.js";

interface Begun {
  readonly atMs: number;
  readonly amount: number;
}

/** What begins where each waits for as long as it is told to, and then for a while of its own. */
function beginAll(most: number, wishes: readonly Begun[]): Begun[] {
  const budget = perMinute(most);
  let nowMs = 0;
  return wishes.map(({ atMs: restMs, amount }) => {
    nowMs += restMs;
    for (let delayMs = budget.delayMs(amount, nowMs); delayMs > 0; ) {
      nowMs += Math.max(delayMs, 1e-6);
      delayMs = budget.delayMs(amount, nowMs);
    }
    budget.take(amount);
    return { atMs: nowMs, amount };
  });
}

/** The most within a minute, without its end. */
function mostInAMinute(begun: readonly Begun[]): number {
  let most = 0;
  let sum = 0;
  let first = 0;
  for (const { atMs, amount } of begun) {
    sum += amount;
    // What floating point makes of a whole minute.
    for (; (begun[first]?.atMs ?? atMs) <= atMs - 60_000 + 1e-3; first += 1) {
      sum -= begun[first]?.amount ?? 0;
    }
    most = Math.max(most, sum);
  }
  return most;
}

const rests = fc.oneof(
  { weight: 9, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.double({ min: 0, max: 90_000, noNaN: true }) },
);

describe("a cap on requests", () => {
  it("holds in every minute", () => {
    const caps = fc.integer({ min: 1, max: 500 });
    const wishes = fc.array(
      rests.map((atMs) => ({ atMs, amount: 1 })),
      { minLength: 1000, maxLength: 2000 },
    );
    fc.assert(
      fc.property(caps, wishes, (most, all) => {
        expect(mostInAMinute(beginAll(most, all))).toBeLessThanOrEqual(most);
      }),
    );
  });

  it.each([1, 7, 60, 600, 60_000, 1_200_000])("of %i is used, and evenly", (most) => {
    const count = Math.min(5 * most, 300_000);
    const begun = beginAll(most, Array(count).fill({ atMs: 0, amount: 1 }));
    const tookMs = (begun.at(-1)?.atMs ?? 0) + 60_000 / most;
    expect((count * 60_000) / tookMs / most).toBeGreaterThan(0.99);
    const inASecond = begun.filter(({ atMs }) => atMs < 1000).length;
    expect(inASecond).toBeLessThanOrEqual(Math.max(1, (most / 60) * 1.1 + 1));
  });
});

describe("a cap on tokens", () => {
  it("holds in every minute, but for what the largest request is larger than a burst", () => {
    const caps = fc.integer({ min: 100, max: 1_000_000 });
    const wishes = fc.array(
      fc.record({ atMs: rests, amount: fc.integer({ min: 1, max: 20_000 }) }),
      {
        minLength: 100,
        maxLength: 500,
      },
    );
    fc.assert(
      fc.property(caps, wishes, (most, all) => {
        const largest = Math.max(...all.map(({ amount }) => amount));
        const debt = Math.max(0, largest - most / 600);
        expect(mostInAMinute(beginAll(most, all))).toBeLessThanOrEqual(most + debt + 1e-3);
      }),
    );
  });

  it("lets a request go that is larger than a minute holds, and waits for it afterwards", () => {
    const [first, second] = beginAll(1000, [
      { atMs: 0, amount: 5000 },
      { atMs: 0, amount: 1 },
    ]);
    expect(first?.atMs).toBe(0);
    expect(second?.atMs).toBeCloseTo(300_000, -3);
  });

  it("is held to by what was used: more makes wait longer, less lets go earlier", () => {
    const [more, less] = [perMinute(6000), perMinute(6000)];
    for (const budget of [more, less]) {
      expect(budget.delayMs(1000, 0)).toBe(0);
      budget.take(1000);
    }
    expect(less.delayMs(1000, 0)).toBeCloseTo(10_000, -2);
    more.take(500);
    less.take(-990);
    expect(more.delayMs(1000, 0)).toBeCloseTo(15_000, -2);
    expect(less.delayMs(1000, 0)).toBeCloseTo(100, -1);
  });
});
