import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Gate, Passage, PassageEnd } from "../src/gate.js";
import { openGate } from "../src/open-gate.js";
import { everAnswering, fixedWindows } from "./support/simulated-endpoint.js";
import { simulation } from "./support/simulation.js";

const answered: PassageEnd = { how: "answered", latencyMs: 100 };
const overloaded: PassageEnd = { how: "overloaded", latencyMs: 100 };
const refused: PassageEnd = { how: "rate-limited", latencyMs: 100 };

/** Where it may. */
function begin(gate: Gate, tokens: number): Passage {
  expect(gate.delayMs(tokens)).toBe(0);
  return gate.begin(tokens);
}

describe("a concurrency that is given", () => {
  it("is never exceeded, and never undercut by load", () => {
    const { now, run } = simulation();
    const gate = openGate({ concurrency: 10 }, now);
    const slow = everAnswering((parallel) => 100 * parallel);
    const { answered: count, mostInUse } = run(gate, slow, 60_000);
    expect(mostInUse).toBe(10);
    expect(count).toBeGreaterThanOrEqual(590);
    const down = { arrive: () => overloaded };
    run(gate, down, 1000);
    expect(run(gate, down, 60_000)).toMatchObject({ mostInUse: 10, sent: 6000 });
    expect(gate.concurrency).toBe(10);
  });

  it("is kept while a pace is learned", () => {
    const { now, run } = simulation();
    const gate = openGate({ concurrency: 50 }, now);
    const { mostInUse, taken } = run(gate, fixedWindows({ rate: 20, latencyMs: 500 }), 60_000);
    expect(mostInUse).toBe(50);
    expect(taken).toBeGreaterThan(0.95 * 1200);
    expect(gate.concurrency).toBe(50);
  });

  it("counts a request until it is released, not only until its end", () => {
    const { now, run } = simulation(0, 400);
    const gate = openGate({ concurrency: 10 }, now);
    const { mostInUse, sent } = run(gate, { arrive: () => answered }, 10_000);
    expect(mostInUse).toBe(10);
    expect(sent).toBe(200);
  });
});

describe("a gate", () => {
  it("starts with 4 where nothing is given, and with fewer where no more may be tried", () => {
    expect(openGate({}, () => 0).concurrency).toBe(4);
    expect(openGate({ maxConcurrency: 2 }, () => 0).concurrency).toBe(2);
  });

  it("tries no more than it may, 256 where nothing is said", () => {
    for (const [maxConcurrency, most] of [
      [undefined, 256],
      [30, 30],
    ] as const) {
      const { now, run } = simulation();
      const gate = openGate({ maxConcurrency }, now);
      expect(run(gate, { arrive: () => answered }, 60_000).mostInUse).toBe(most);
    }
  });

  it("makes who asks wait for the longest of its wishes, or for a place", () => {
    let nowMs = 0;
    const limits = { requestsPerMinute: 60, tokensPerMinute: 600 };
    const gate = openGate({ concurrency: 3, ...limits }, () => nowMs);
    const first = begin(gate, 1);
    expect(gate.delayMs(1)).toBeCloseTo(1000);
    nowMs = 1000;
    begin(gate, 20);
    expect(gate.delayMs(1)).toBeCloseTo(2000, -2);
    nowMs = 4000;
    begin(gate, 1);
    first.end({ ...overloaded, retryAfterMs: 7000 });
    expect(gate.delayMs(1)).toBe(Number.POSITIVE_INFINITY);
    first.release();
    expect(gate.delayMs(1)).toBe(7000);
  });

  it("counts tokens as estimated at first, then as the answer says, where it does", () => {
    let nowMs = 0;
    const gate = openGate({ concurrency: 9, tokensPerMinute: 6000 }, () => nowMs);
    const first = begin(gate, 1000);
    expect(gate.delayMs(1)).toBeCloseTo(10_000, -3);
    first.end({ ...answered, tokens: 3000 });
    expect(gate.delayMs(1)).toBeCloseTo(30_000, -3);
    nowMs = 31_000;
    const second = begin(gate, 2000);
    expect(gate.delayMs(1)).toBeCloseTo(20_000, -3);
    second.end({ ...answered, tokens: 500 });
    expect(gate.delayMs(1)).toBeCloseTo(5000, -3);
    nowMs = 37_000;
    begin(gate, 100).end(answered);
    expect(gate.delayMs(1)).toBeCloseTo(1000, -3);
  });

  it("holds caps whatever the endpoint bears", () => {
    const { now, run } = simulation();
    const gate = openGate({ requestsPerMinute: 300 }, now);
    const endpoint = everAnswering(() => 50);
    for (let minute = 1; minute <= 3; minute += 1) {
      const { sent } = run(gate, endpoint, 60_000);
      expect(sent).toBeLessThanOrEqual(300);
      expect(sent).toBeGreaterThan(290);
    }
  });

  it("counts each passage once, however often and in whatever order it is ended and released", () => {
    const steps = fc.array(
      fc.record({
        passage: fc.nat({ max: 60 }),
        call: fc.constantFrom("begin", "end", "release"),
        end: fc.constantFrom(answered, overloaded, refused),
      }),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        let nowMs = 0;
        const gate = openGate({ concurrency: 5 }, () => nowMs);
        const passages: Passage[] = [];
        const released = new Set<Passage>();
        for (const { passage: at, call, end } of all) {
          nowMs += 60_000;
          const passage = passages[at % Math.max(1, passages.length)];
          if (call === "begin" && gate.delayMs(1) === 0) passages.push(gate.begin(1));
          if (call === "end") passage?.end(end);
          if (call === "release" && passage) {
            passage.release();
            released.add(passage);
          }
          const inUse = passages.length - released.size;
          expect(inUse).toBeLessThanOrEqual(5);
          expect(gate.delayMs(1) === Number.POSITIVE_INFINITY).toBe(inUse === 5);
        }
      }),
    );
  });

  it("waits neither for ever nor for no time where a place is free", () => {
    const hows = fc.constantFrom(answered, overloaded, refused);
    fc.assert(
      fc.property(fc.array(fc.tuple(hows, fc.nat({ max: 100_000 })), { maxLength: 300 }), (all) => {
        let nowMs = 0;
        const gate = openGate({ requestsPerMinute: 100_000 }, () => nowMs);
        for (const [end, restMs] of all) {
          nowMs += gate.delayMs(1);
          // What calculating has lost.
          nowMs += gate.delayMs(1) && 1e-3;
          expect(gate.delayMs(1)).toBe(0);
          const passage = gate.begin(1);
          nowMs += restMs;
          passage.end(end);
          passage.release();
          expect(gate.delayMs(1)).toBeLessThanOrEqual(600_000);
        }
      }),
    );
  });
});
