import { describe, expect, it } from "vitest";
import type { PassageEnd } from "../src/gate.js";
import { learnedPace } from "../src/learned-pace.js";
import { type GateOptions, openGate } from "../src/open-gate.js";
import { chance } from "./support/chance.js";
import {
  fixedWindows,
  type LimitedAnswers,
  type SimulatedEndpoint,
  tokenBucket,
} from "./support/simulated-endpoint.js";
import { type Outcome, simulation } from "./support/simulation.js";

const minuteMs = 60_000;
const rates = [5, 20, 100, 1000];

/** The windows of a server's clock begin when they want. */
const startsMs = [0, 300, 700];

const servers: [string, (answers: LimitedAnswers) => SimulatedEndpoint][] = [
  ["a token bucket", tokenBucket],
  ["a token bucket that asks for a second", (all) => tokenBucket({ ...all, retryAfterMs: 1000 })],
  ["one-second windows", fixedWindows],
  ["one-second windows that ask for one", (all) => fixedWindows({ ...all, retryAfterMs: 1000 })],
];

/** Minute by minute. */
function outcomes(
  options: GateOptions,
  endpoint: SimulatedEndpoint,
  { minutes = 1, startMs = 0 } = {},
): Outcome[] {
  const { now, run } = simulation(startMs);
  const gate = openGate(options, now);
  return Array.from({ length: minutes }, () => run(gate, endpoint, minuteMs));
}

describe.each(servers)("a limit that is %s", (_name, server) => {
  describe.each(rates)("of %i requests a second", (rate) => {
    it.each(startsMs)(
      "is used, and hardly overstepped, from the first minute on (%i)",
      (startMs) => {
        const [first] = outcomes({}, server({ rate, latencyMs: 20 }), { startMs });
        expect(first?.answered).toBeGreaterThanOrEqual(0.95 * rate * 60);
        expect(first?.refused).toBeLessThan(0.05 * (first?.sent ?? 0));
      },
    );

    it.each(startsMs)("is, too, where an answer takes two seconds (%i)", (startMs) => {
      // As many as it takes, and room: what is on its way must not be what holds back.
      const concurrency = Math.ceil(rate * 2 * 1.25);
      const [first] = outcomes({ concurrency }, server({ rate, latencyMs: 2000 }), { startMs });
      // Counted where they are let in: no answer is there in the first two seconds.
      expect(first?.taken).toBeGreaterThanOrEqual(0.95 * rate * 60);
      expect(first?.refused).toBeLessThan(0.05 * (first?.sent ?? 0));
    });
  });

  it.each([20, 100])("of %i is found together with how many it takes at a time", (rate) => {
    const [, second] = outcomes({}, server({ rate, latencyMs: 2000 }), { minutes: 2 });
    expect(second?.answered).toBeGreaterThanOrEqual(0.95 * rate * 60);
    expect(second?.refused).toBeLessThan(0.05 * (second?.sent ?? 0));
  });

  it("is used as well where answers take from half to one and a half of their time", () => {
    const next = chance(1);
    const steady = server({ rate: 100, latencyMs: 200 });
    const endpoint: SimulatedEndpoint = {
      arrive(atMs, parallel) {
        const end = steady.arrive(atMs, parallel);
        return { ...end, latencyMs: end.latencyMs * (0.5 + next()) };
      },
    };
    const [first] = outcomes({}, endpoint);
    expect(first?.answered).toBeGreaterThanOrEqual(0.95 * 6000);
  });
});

describe("a limit that changes", () => {
  it.each([
    ["without a word", undefined],
    ["asking for a second", 1000],
  ])("is followed up within two minutes, and down at once, %s", (_name, retryAfterMs) => {
    const answers = { latencyMs: 200, retryAfterMs };
    const low = fixedWindows({ ...answers, rate: 100 });
    const high = fixedWindows({ ...answers, rate: 1000 });
    const { now, run } = simulation();
    const gate = openGate({}, now);
    run(gate, low, minuteMs);
    run(gate, high, 2 * minuteMs);
    const raised = run(gate, high, minuteMs);
    expect(raised.answered).toBeGreaterThan(0.9 * 60_000);
    const lowered = run(gate, low, minuteMs);
    expect(lowered.answered).toBeGreaterThan(0.9 * 6000);
    expect(lowered.refused).toBeLessThan(0.05 * lowered.sent);
  });

  it("is used in full where it is of a minute, and what is left of it is let be", () => {
    const endpoint = fixedWindows({ rate: 100, latencyMs: 2000 }, minuteMs);
    for (const { taken, refused } of outcomes({}, endpoint, { minutes: 5 })) {
      expect(taken).toBe(6000);
      expect(refused).toBeLessThan(150);
    }
  });
});

describe("an endpoint that takes nothing", () => {
  it("is asked less and less often, one request at a time, and at full pace once it takes again", () => {
    const closed: SimulatedEndpoint = {
      arrive: () => ({ how: "rate-limited", latencyMs: 20 }),
    };
    const open: SimulatedEndpoint = { arrive: () => ({ how: "answered", latencyMs: 500 }) };
    const { now, run } = simulation();
    const gate = openGate({}, now);
    run(gate, open, minuteMs);
    run(gate, closed, minuteMs);
    expect(run(gate, closed, 10 * minuteMs).sent).toBeLessThan(20);
    run(gate, open, 2 * minuteMs);
    expect(run(gate, open, minuteMs).answered).toBeGreaterThan(0.9 * 256 * 2 * 60);
  });
});

describe("one 429 that has nothing to do with the pace", () => {
  it("is made good within a minute, however early it comes", () => {
    let arrived = 0;
    const endpoint: SimulatedEndpoint = {
      arrive() {
        arrived += 1;
        return { how: arrived === 5 ? "rate-limited" : "answered", latencyMs: 2000 };
      },
    };
    const [, second] = outcomes({}, endpoint, { minutes: 2 });
    expect(second?.answered).toBe((256 / 2) * 60);
  });
});

describe("what an endpoint asks for", () => {
  const answered: PassageEnd = { how: "answered", latencyMs: 10 };

  /** How long a pace waits after one request has ended, of three that are on their way. */
  function delayAfter(end: PassageEnd): number {
    const pace = learnedPace();
    expect(pace.delayMs(0)).toBe(0);
    for (let begun = 0; begun < 3; begun += 1) pace.begin(0);
    pace.end({ number: 1, atMs: 0, limit: 4, inUse: 1 }, end, 0, 3);
    return pace.delayMs(0);
  }

  it("is nothing after an answer, a failure, or overload", () => {
    expect(delayAfter(answered)).toBe(0);
    expect(delayAfter({ how: "failed", latencyMs: 10 })).toBe(0);
    expect(delayAfter({ how: "overloaded", latencyMs: 10 })).toBe(0);
  });

  it("is a short pause after a 429 that says no more", () => {
    expect(delayAfter({ how: "rate-limited", latencyMs: 10 })).toBe(250);
  });

  it("is done, for ten minutes at most, after a 503 as after a 429", () => {
    const shortly = { latencyMs: 10, retryAfterMs: 5000 };
    expect(delayAfter({ how: "rate-limited", ...shortly })).toBe(5000);
    expect(delayAfter({ how: "overloaded", ...shortly })).toBe(5000);
    expect(delayAfter({ how: "overloaded", latencyMs: 10, retryAfterMs: 1e9 })).toBe(600_000);
  });

  it("is to wait for the reset where nothing remains", () => {
    const none = { remaining: 0, resetMs: 3000 };
    expect(delayAfter({ ...answered, hints: { requests: none } })).toBe(3000);
    expect(delayAfter({ ...answered, hints: { tokens: none } })).toBe(3000);
    expect(delayAfter({ ...answered, hints: { requests: { remaining: 1, resetMs: 3000 } } })).toBe(
      0,
    );
    const long = { remaining: 0, resetMs: 1e9 };
    expect(delayAfter({ ...answered, hints: { requests: long, tokens: none } })).toBe(600_000);
  });
});
