import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adaptiveConcurrency } from "../src/adaptive-concurrency.js";
import type { PassageEnd } from "../src/gate.js";
import { openGate } from "../src/open-gate.js";
import { anyLength, chance } from "./support/chance.js";
import { everAnswering, parallelPlaces } from "./support/simulated-endpoint.js";
import { simulation } from "./support/simulation.js";

const minuteMs = 60_000;

/** How far the lengths of answers differ. */
const lengths: [string, (next: () => number) => number][] = [
  ["of one length", () => 1],
  ["of similar lengths", (next) => 0.8 + 0.4 * next()],
  ["of any length", anyLength],
];

describe.each(lengths)("with answers %s", (_name, length) => {
  it.each([200, 1000])(
    "finds the places of a server that answers 503 beyond (%i ms)",
    (latencyMs) => {
      const next = chance(1);
      const { now, run } = simulation();
      const endpoint = parallelPlaces(8, () => latencyMs * length(next));
      const { taken, refused, sent } = run(openGate({}, now), endpoint, minuteMs);
      expect((taken * latencyMs) / minuteMs).toBeGreaterThanOrEqual(0.85 * 8);
      expect(refused).toBeLessThan(0.1 * sent);
    },
  );

  it("goes on as far as a server does more that works on all at once", () => {
    const next = chance(3);
    const { now, run } = simulation();
    const gate = openGate({}, now);
    const endpoint = everAnswering((parallel) => (1000 + 20 * parallel) * length(next));
    run(gate, endpoint, minuteMs);
    expect(gate.concurrency).toBeGreaterThanOrEqual(128);
    const { answered } = run(gate, endpoint, 2 * minuteMs);
    expect(gate.concurrency).toBeGreaterThanOrEqual(128);
    expect(answered).toBeGreaterThanOrEqual(0.9 * (256 / (1000 + 20 * 256)) * 2 * minuteMs);
  });
});

describe.each(lengths.slice(0, 2))("with answers %s", (_name, length) => {
  it.each([50, 500, 2000])(
    "stops where a server does no more, only slower (%i ms)",
    (latencyMs) => {
      const next = chance(2);
      const { now, run } = simulation();
      const gate = openGate({}, now);
      const endpoint = everAnswering((parallel) => {
        return latencyMs * Math.max(1, parallel / 32) * length(next);
      });
      run(gate, endpoint, 3 * minuteMs);
      const { answered } = run(gate, endpoint, 2 * minuteMs);
      expect(answered).toBeGreaterThanOrEqual(0.9 * (32 / latencyMs) * 2 * minuteMs);
      expect(gate.concurrency).toBeLessThan(4 * 32);
    },
  );
});

describe("the limit", () => {
  const answered: PassageEnd = { how: "answered", latencyMs: 100 };
  const overloaded: PassageEnd = { how: "overloaded", latencyMs: 100 };

  /** As many begin as may, and all of them end. */
  function round(concurrency: ReturnType<typeof adaptiveConcurrency>, end = answered, first = 1) {
    const { limit } = concurrency;
    const newest = first + limit - 1;
    for (let number = first; number <= newest; number += 1) {
      concurrency.end({ number, atMs: 0, limit, inUse: limit }, end, newest);
    }
    return newest + 1;
  }

  it("doubles with each round until it was too much, and then grows by one", () => {
    const concurrency = adaptiveConcurrency(256);
    expect(concurrency.limit).toBe(4);
    let next = round(concurrency);
    expect(concurrency.limit).toBe(8);
    next = round(concurrency, answered, next);
    expect(concurrency.limit).toBe(16);
    next = round(concurrency, overloaded, next);
    expect(concurrency.limit).toBe(11);
    next = round(concurrency, answered, next);
    expect(concurrency.limit).toBe(12);
  });

  it("is lowered once by all that were on their way together", () => {
    const concurrency = adaptiveConcurrency(256);
    let next = round(concurrency, overloaded);
    expect(concurrency.limit).toBe(2);
    next = round(concurrency, overloaded, next);
    round(concurrency, overloaded, next);
    expect(concurrency.limit).toBe(1);
  });

  it("does not grow where it is not what holds requests back", () => {
    const concurrency = adaptiveConcurrency(256);
    const begun = { atMs: 0, limit: 4, inUse: 1 };
    for (let number = 1; number < 100; number += 1) {
      concurrency.end({ ...begun, number }, answered, number);
    }
    expect(concurrency.limit).toBe(4);
  });

  it("is let be by what tells nothing of load, and by a 429, which the pace answers", () => {
    const concurrency = adaptiveConcurrency(256);
    const next = round(concurrency, { how: "failed", latencyMs: 1 });
    round(concurrency, { how: "rate-limited", latencyMs: 1 }, next);
    expect(concurrency.limit).toBe(4);
  });

  it("is never below 1 and never above the most, whatever comes", () => {
    const hows = fc.constantFrom(
      ...(["answered", "failed", "overloaded", "rate-limited"] as const),
    );
    const ends = fc.array(fc.record({ how: hows, latencyMs: fc.nat({ max: 10_000 }) }), {
      maxLength: 500,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), ends, (most, all) => {
        const concurrency = adaptiveConcurrency(most);
        for (const [at, end] of all.entries()) {
          const { limit } = concurrency;
          concurrency.end({ number: at + 1, atMs: 0, limit, inUse: limit }, end, at + 1);
          expect(concurrency.limit).toBeGreaterThanOrEqual(1);
          expect(concurrency.limit).toBeLessThanOrEqual(most);
          expect(concurrency.limit % 1).toBe(0);
        }
      }),
    );
  });
});
