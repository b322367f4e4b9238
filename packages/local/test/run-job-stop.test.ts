import type { Job } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { memoryJournal } from "./support/memory-journal.js";
import { drain, openBench, reply, type Scripted } from "./support/open-bench.js";

const nobody: Scripted = {
  answer: { came: "no-answer", reason: "ECONNREFUSED", isUnsent: true },
  afterMs: 1,
};

/** Runs until the run fails: with what. */
async function errorOf(run: Promise<unknown>): Promise<unknown> {
  return run.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("a run that is of no use", () => {
  it("stops where nobody is there, after three have seen so, and has kept nothing", async () => {
    const bench = openBench({ requests: 100, concurrency: 64, script: () => nobody });
    await expect(bench.run()).rejects.toMatchObject({
      code: "provider_failed",
      message: expect.stringContaining("Nobody is there. 0 of 100 requests are answered"),
    });
    expect(bench.asked.length).toBeLessThanOrEqual(6);
    expect(bench.journal.text).toBe("");
    expect(bench.gate.taken).toBe(0);
    expect(bench.clock.sleeping).toBe(0);
  });

  it("asks a single request three times for that, a second apart", async () => {
    const bench = openBench({ requests: 1, script: () => reply(401, 0) });
    await expect(bench.run()).rejects.toMatchObject({ status: 401 });
    expect(bench.asked.map(({ at }) => at)).toEqual([0, 1_000, 2_000]);
  });

  it("has no more than four on their way before the first that had an answer", async () => {
    const bench = openBench({ requests: 40, concurrency: 16, script: () => reply(200, 1_000) });
    const run = drain(bench.open());
    await bench.clock.advance(999);
    expect(bench.asking).toBe(4);
    await bench.clock.advance(50);
    expect(bench.asking).toBe(16);
    await bench.clock.run(run);
  });

  it("goes on where another answer comes in between", async () => {
    const bench = openBench({
      requests: 30,
      concurrency: 1,
      script: ({ time, customId }) =>
        time <= 2 && customId.endsWith("5") ? nobody : reply(200, 100),
    });
    const seen = await bench.run();
    expect(seen.at(-1)?.counts).toEqual({ total: 30, completed: 30, failed: 0 });
    expect(seen.at(-1)?.report?.retried).toBe(6);
  });

  it("keeps what was answered before, and lets what is on its way end", async () => {
    const bench = openBench({
      requests: 100,
      concurrency: 8,
      script: ({ question, at }) => {
        if (at >= 300) return reply(401, 10);
        return reply(200, question.customId === "request-10" ? 3_000 : 100);
      },
    });
    const error = await errorOf(bench.run());
    expect(bench.journal.ids).toContain("job-10");
    const kept = bench.journal.ids.length;
    expect(error).toMatchObject({
      message: expect.stringContaining(`${kept} of 100 requests are answered and kept`),
    });
    expect(bench.clock.now).toBeLessThan(5_400);
  });

  it("stops where it was only told to come later for ten minutes, with the reason it was given", async () => {
    const bench = openBench({ requests: 20, script: () => reply(429, 20) });
    await expect(bench.run()).rejects.toMatchObject({
      code: "quota",
      retryable: true,
      message: expect.stringContaining("Said 429."),
    });
    expect(bench.clock.now).toBeGreaterThanOrEqual(600_000);
    expect(bench.clock.now).toBeLessThan(620_000);
    expect(bench.journal.text).toBe("");
  });

  it("stops then too where it was told to come only much later", async () => {
    const headers = new Headers({ "retry-after": "3000" });
    const script = (): Scripted => ({
      answer: { came: "response", status: 429, headers, text: "{}" },
      afterMs: 20,
    });
    const bench = openBench({ requests: 3, script });
    await expect(bench.run()).rejects.toMatchObject({ code: "quota", retryAfterMs: 3_000_000 });
    expect(bench.clock.now).toBe(600_020);
    expect(bench.clock.sleeping).toBe(0);
  });

  it("does not stop while a request that takes long is worked on", async () => {
    const bench = openBench({
      requests: 10,
      concurrency: 2,
      options: { timeoutMs: 3_600_000 },
      script: ({ customId, at }) => {
        if (customId === "request-0") return reply(200, 900_000);
        return reply(at < 900_000 ? 429 : 200, 20);
      },
    });
    const seen = await bench.run();
    expect(seen.at(-1)?.counts?.completed).toBe(10);
  });

  it("goes on for hours where an answer comes now and then", async () => {
    const bench = openBench({
      requests: 12,
      concurrency: 2,
      script: ({ at, customId }) =>
        at >= Number(customId.slice(8)) * 500_000 ? reply(200, 20) : reply(429, 20),
    });
    const seen = await bench.run();
    expect(seen.at(-1)?.counts?.completed).toBe(12);
    expect(bench.clock.now).toBeGreaterThan(5_000_000);
  });
});

describe("a run that is stopped", () => {
  it("asks nothing where it is stopped from the start", async () => {
    const bench = openBench({ requests: 3 });
    await expect(bench.run(AbortSignal.abort(new Error("No.")))).rejects.toThrow("No.");
    expect(bench.asked).toHaveLength(0);
  });

  it("begins nothing new, and keeps what is answered within five seconds", async () => {
    const bench = openBench({
      requests: 100,
      concurrency: 4,
      script: ({ question }) => reply(200, question.customId === "request-2" ? 20_000 : 4_000),
    });
    const stop = new AbortController();
    const run = drain(bench.open(stop.signal));
    await bench.clock.advance(1_000);
    stop.abort(new Error("The user has gone home."));
    await bench.clock.advance(4_990);
    expect(bench.journal.ids.toSorted()).toEqual(["job-0", "job-1", "job-3"]);
    expect(bench.asking).toBe(1);

    await expect(bench.clock.run(run)).rejects.toThrow("The user has gone home.");
    expect(bench.clock.now).toBe(6_000);
    expect(bench.asked).toHaveLength(4);
    expect(bench.asked.at(2)?.signal.reason).toMatchObject({ message: "The user has gone home." });
    expect(bench.gate.taken).toBe(0);
    await bench.clock.settle();
    expect(bench.clock.sleeping).toBe(0);
  });

  it("stops sooner where everything on its way is kept", async () => {
    const bench = openBench({ requests: 100, concurrency: 4, script: () => reply(200, 300) });
    const stop = new AbortController();
    const run = drain(bench.open(stop.signal));
    await bench.clock.advance(200);
    stop.abort(new Error("Enough."));
    await expect(bench.clock.run(run)).rejects.toThrow("Enough.");
    expect(bench.clock.now).toBe(320);
    expect(bench.journal.ids).toHaveLength(4);
  });

  it("does not ask again while it stops", async () => {
    const bench = openBench({ requests: 4, script: () => reply(500, 100) });
    const stop = new AbortController();
    const run = drain(bench.open(stop.signal));
    await bench.clock.advance(50);
    stop.abort(new Error("Enough."));
    await expect(bench.clock.run(run)).rejects.toThrow("Enough.");
    expect(bench.asked).toHaveLength(4);
    expect(bench.clock.now).toBe(100);
  });

  it("shows at last what was kept while it stopped", async () => {
    const bench = openBench({ requests: 10, concurrency: 4, script: () => reply(200, 100) });
    const stop = new AbortController();
    const seen: Job[] = [];
    const run = drain(bench.open(stop.signal), seen);
    await bench.clock.advance(50);
    stop.abort(new Error("Enough."));
    await expect(bench.clock.run(run)).rejects.toThrow("Enough.");
    expect(seen.at(-1)).toMatchObject({ status: "in_progress", counts: { completed: 4 } });
  });

  it("ends at once where its caller goes away, but for the append on its way", async () => {
    const bench = openBench({ requests: 100, concurrency: 4, appendMs: 500 });
    const run = bench.open();
    await bench.clock.run(run.next());
    const second = run.next();
    await bench.clock.run(second);
    await bench.clock.advance(150);
    const now = bench.clock.now;
    const appends = bench.journal.appends;
    await bench.clock.run(run.return(undefined));
    expect(bench.clock.now - now).toBeLessThanOrEqual(500);
    expect(bench.journal.appends).toBe(appends);
    expect(bench.asking).toBe(0);
    expect(bench.gate.taken).toBe(0);
    await bench.clock.settle();
    expect(bench.clock.sleeping).toBe(0);
    expect(new Set(bench.journal.ids).size).toBe(bench.journal.ids.length);
  });

  it("does nothing where its caller goes away before it has begun", async () => {
    const bench = openBench({ requests: 3 });
    const run = bench.open();
    await bench.clock.run(run.next());
    await run.return(undefined);
    expect(bench.asked).toHaveLength(0);
    expect(bench.clock.sleeping).toBe(0);
  });

  it("fails with the error of an append, and asks the requests in it another time", async () => {
    let appends = 0;
    const journal = memoryJournal(async () => {
      appends += 1;
      if (appends === 3) throw new Error("The disk is full.");
    });
    const bench = openBench({ requests: 40, concurrency: 4, journal });
    await expect(bench.run()).rejects.toThrow("The disk is full.");
    expect(bench.asking).toBe(0);
    expect(bench.gate.taken).toBe(0);
    const kept = bench.journal.ids.length;

    const before = bench.asked.length;
    await bench.run();
    expect(bench.asked.length - before).toBe(40 - kept);
    expect(bench.journal.ids).toHaveLength(40);
  });

  it("keeps what is on its way where the input cannot be read on", async () => {
    const bench = openBench({ requests: 2_000, concurrency: 4, script: () => reply(200, 100) });
    const { data } = bench.input;
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from((await data.text()).slice(0, 2_000));
      throw new Error("The file is gone.");
    }
    Object.assign(bench.input, { data: { stream: broken } });
    await expect(bench.run()).rejects.toThrow("The file is gone.");
    expect(bench.journal.ids.length).toBe(bench.asked.length);
  });
});
