import { describe, expect, it } from "vitest";
import { type Asking, openBench, reply, type Scripted } from "./support/open-bench.js";
import { virtualClock } from "./support/virtual-clock.js";

const offline: Scripted = {
  answer: { came: "no-answer", reason: "ECONNRESET", isUnsent: false },
  afterMs: 10,
};

/** When each request was asked for the first time, the second, and so on. */
function timesOf(asked: readonly Asking[], customId: string): number[] {
  return asked.filter((asking) => asking.customId === customId).map(({ at }) => at);
}

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((time, at) => time - (times[at] ?? 0));
}

describe("asking again", () => {
  it("does so four times where there was no answer, and then keeps why", async () => {
    const bench = openBench({ requests: 1, script: () => offline });
    const seen = await bench.run();
    expect(bench.asked).toHaveLength(5);
    expect(seen.at(-1)).toMatchObject({ status: "completed", counts: { failed: 1 } });
    expect(bench.journal.text).toContain(
      '"response":null,"error":{"code":"ECONNRESET","message":"It failed: ECONNRESET."}}',
    );
  });

  it.each([0, 1, 2])("does so as often as the user says: %i times", async (retries) => {
    const bench = openBench({ requests: 1, options: { retries }, script: () => reply(500, 10) });
    await bench.run();
    expect(bench.asked).toHaveLength(retries + 1);
    expect(bench.journal.text).toContain('"status_code":500');
  });

  it("waits up to a second, then up to twice as long each time, but no longer than a minute", async () => {
    const bench = openBench({
      requests: 1,
      options: { retries: 9 },
      clock: virtualClock(() => 0.999_999),
      script: () => reply(500, 0),
    });
    await bench.run();
    const waits = gaps(timesOf(bench.asked, "request-0")).map((wait) => Math.round(wait / 1000));
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it("does not do so before the time the endpoint asks for", async () => {
    const bench = openBench({
      requests: 1,
      clock: virtualClock(() => 0),
      script: ({ time }) => (time === 1 ? retryAfter(500, 7_000) : reply(200, 0)),
    });
    await bench.run();
    expect(gaps(timesOf(bench.asked, "request-0"))).toEqual([7_000]);
  });

  it("does not count that a request was told to come later", async () => {
    const bench = openBench({
      requests: 1,
      options: { retries: 1 },
      script: ({ time }) => reply(time <= 6 ? 429 : time === 7 ? 500 : 200, 0),
    });
    const seen = await bench.run();
    expect(seen.at(-1)).toMatchObject({
      counts: { completed: 1 },
      report: { sent: 8, rateLimited: 6, retried: 1 },
    });
    const waits = gaps(timesOf(bench.asked, "request-0")).slice(0, 6);
    expect(waits.map((wait, at) => wait / 2 ** at)).toEqual(Array(6).fill(187.5));
  });

  it("asks what is due before anything new", async () => {
    const bench = openBench({
      requests: 6,
      concurrency: 1,
      script: ({ customId, time }) =>
        customId === "request-0" && time === 1 ? reply(500, 0) : reply(200, 200),
    });
    await bench.run();
    expect(bench.asked.map(({ customId }) => customId.slice(-1)).join("")).toBe("0123045");
  });

  it("begins nothing new while many wait", async () => {
    const bench = openBench({
      requests: 500,
      concurrency: 8,
      script: ({ at }) => (at < 60_000 ? reply(429, 5) : reply(200, 5)),
    });
    await bench.run();
    const begun = bench.asked.filter(({ at, time }) => at < 60_000 && time === 1);
    expect(begun.length).toBeGreaterThan(60);
    expect(begun.length).toBeLessThanOrEqual(64 + 1 + 8);
    expect(bench.journal.ids).toHaveLength(500);
  });

  it("gives up on a request that takes too long, and asks it again", async () => {
    const bench = openBench({
      requests: 3,
      options: { timeoutMs: 30_000, retries: 1 },
      script: ({ customId }) => reply(200, customId === "request-1" ? 40_000 : 100),
    });
    const seen = await bench.run();
    expect(timesOf(bench.asked, "request-1")).toEqual([0, 30_500]);
    expect(seen.at(-1)?.counts).toEqual({ total: 3, completed: 2, failed: 1 });
    expect(bench.journal.text).toContain('"code":"timeout"');
    const [first] = bench.asked.filter(({ customId }) => customId === "request-1");
    expect(first?.signal.reason).toMatchObject({ name: "TimeoutError" });
    expect(bench.gate.taken).toBe(0);
  });

  it("gives up too where the one who is asked ignores that it is to stop", async () => {
    const bench = openBench({
      requests: 2,
      options: { retries: 0 },
      script: ({ customId }) => (customId === "request-1" ? "never" : reply(200, 100)),
    });
    const seen = await bench.run();
    expect(seen.at(-1)?.counts).toEqual({ total: 2, completed: 1, failed: 1 });
    expect(bench.clock.now).toBeGreaterThanOrEqual(600_000);
  });

  it("lets each request have its own time", async () => {
    const bench = openBench({
      requests: 40,
      concurrency: 2,
      options: { timeoutMs: 1_000 },
      script: () => reply(200, 999),
    });
    await bench.run();
    expect(bench.asked).toHaveLength(40);
  });
});

function retryAfter(status: number, ms: number): Scripted {
  const headers = new Headers({ "retry-after-ms": `${ms}` });
  return { answer: { came: "response", status, headers, text: "{}" }, afterMs: 0 };
}
