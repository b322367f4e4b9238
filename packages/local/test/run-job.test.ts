import { describe, expect, it } from "vitest";
import { memoryJournal } from "./support/memory-journal.js";
import { chatUrl, drain, openBench, reply } from "./support/open-bench.js";

describe("running a job", () => {
  it("asks every request once, in input order, and gives each one line", async () => {
    const bench = openBench({ requests: 100, concurrency: 8 });
    const seen = await bench.run();

    expect(bench.asked.map(({ customId }) => customId)).toEqual(
      Array.from({ length: 100 }, (_, position) => `request-${position}`),
    );
    expect(bench.journal.ids.toSorted()).toEqual(
      Array.from({ length: 100 }, (_, position) => `job-${position}`).toSorted(),
    );
    expect(seen.at(0)).toMatchObject({
      id: "job",
      status: "in_progress",
      counts: { total: 100, completed: 0, failed: 0 },
    });
    expect(seen.at(-1)).toMatchObject({
      id: "job",
      status: "completed",
      rawStatus: "completed",
      counts: { total: 100, completed: 100, failed: 0 },
    });
    expect(bench.gate.mostTaken).toBe(8);
    expect(bench.gate.taken).toBe(0);
    expect(bench.clock.sleeping).toBe(0);
  });

  it("asks with the body and the id as they stand in the input", async () => {
    const body = '{"model":"m", "messages":[], "seed":12345678901234567890}';
    const bench = openBench({
      requests: 1,
      lineOf: () => `{"custom_id":"a\\u00e4","method":"POST","url":"${chatUrl}","body":${body}}`,
    });
    await bench.run();
    expect(bench.asked[0]?.question).toMatchObject({ customId: "aä", url: chatUrl });
    expect(bench.asked[0]?.question.body.toString()).toBe(body);
    expect(bench.journal.text).toContain(
      '{"id":"job-0","custom_id":"aä","response":{"status_code":200,"body":{"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}},"error":null}',
    );
  });

  it("asks nothing where every request has its line", async () => {
    const bench = openBench({ requests: 10 });
    await bench.run();
    const before = bench.asked.length;
    const seen = await bench.run();
    expect(bench.asked).toHaveLength(before);
    expect(seen.at(-1)).toMatchObject({
      status: "completed",
      counts: { completed: 10 },
      report: { sent: 0, usage: { totalTokens: 50 } },
    });
  });

  it("completes a job without requests", async () => {
    const seen = await openBench({ requests: 0 }).run();
    expect(seen.at(-1)?.status).toBe("completed");
  });

  it("keeps a place at the gate until the line is durable", async () => {
    const bench = openBench({
      requests: 20,
      concurrency: 4,
      appendMs: 1_000,
      script: () => reply(200, 1),
    });
    const run = drain(bench.open());
    await bench.clock.advance(900);
    expect(bench.asked).toHaveLength(4);
    await bench.clock.run(run);
    expect(bench.gate.mostTaken).toBe(4);
  });

  it("appends what comes while an append is on its way together", async () => {
    const bench = openBench({ requests: 64, concurrency: 32, script: () => reply(200, 100) });
    await bench.run();
    // The first answer of each round alone, then all that came in the meantime.
    expect(bench.journal.appends).toBeLessThanOrEqual(8);
  });

  it("says how far it is about four times a second", async () => {
    const bench = openBench({ requests: 200, concurrency: 2, script: () => reply(200, 90) });
    const seen = await bench.run();
    // 200 requests of 100 ms, two at a time: 10 s.
    expect(seen.length).toBeGreaterThan(30);
    expect(seen.length).toBeLessThanOrEqual(42);
    const done = seen.map(({ counts }) => counts?.completed ?? 0);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
  });

  it("reports what the run has shown", async () => {
    const bench = openBench({
      requests: 10,
      concurrency: 2,
      script: ({ customId, time }) =>
        customId === "request-3" && time === 1
          ? reply(500, 50)
          : reply(
              customId === "request-4" ? 400 : customId === "request-5" && time === 1 ? 429 : 200,
              100,
            ),
    });
    const { counts, report } = (await bench.run()).at(-1) ?? {};
    expect(counts).toEqual({ total: 10, completed: 9, failed: 1 });
    expect(report).toMatchObject({
      sent: 12,
      rateLimited: 1,
      retried: 1,
      concurrency: 2,
      runningMs: bench.clock.now,
      latencyMs: { max: 100 },
      usage: { promptTokens: 27, completionTokens: 18, totalTokens: 45 },
    });
    expect(report?.requestsPerSecond).toBeCloseTo(10_000 / bench.clock.now);
    expect(report?.tokensPerSecond).toBeCloseTo(45_000 / bench.clock.now);
  });

  it("weighs requests only where tokens are limited", async () => {
    const free = openBench({ requests: 1 });
    await free.run();
    expect(free.gate.tokens).toEqual([0]);
    const limited = openBench({ requests: 1, options: { tokensPerMinute: 1_000 } });
    await limited.run();
    expect(limited.gate.tokens[0]).toBeGreaterThan(0);
  });

  it("tells the gate how each request ended", async () => {
    const bench = openBench({
      requests: 1,
      script: ({ time }) => reply([429, 503, 500, 200][time - 1] ?? 200, 100),
    });
    await bench.run();
    expect(bench.gate.ends).toMatchObject([
      { how: "rate-limited", latencyMs: 100 },
      { how: "overloaded" },
      { how: "failed" },
      { how: "answered", tokens: 5 },
    ]);
  });

  it("waits as long as the gate says, with one timer", async () => {
    const bench = openBench({ requests: 50, concurrency: 50, script: () => reply(200, 15) });
    let nextAt = 0;
    const { begin } = bench.gate;
    bench.gate.pauseMs = () => Math.max(0, nextAt - bench.clock.now);
    Object.assign(bench.gate, {
      begin(tokens: number) {
        const passage = begin(tokens);
        nextAt = bench.clock.now + 20;
        return passage;
      },
    });
    let mostSleeping = 0;
    const run = drain(bench.open());
    for (let step = 0; step < 100; step += 1) {
      await bench.clock.advance(10);
      // Beside those who answer, and the append.
      mostSleeping = Math.max(mostSleeping, bench.clock.sleeping - bench.asking);
    }
    await bench.clock.run(run);
    expect(bench.asked.map(({ at }) => at)).toEqual(Array.from({ length: 50 }, (_, n) => n * 20));
    expect(mostSleeping).toBeLessThanOrEqual(2);
  });

  it("refuses an input that is not the one of the job", async () => {
    const bench = openBench({ requests: 3 });
    const input = { ...bench.input, requests: 4 };
    Object.assign(bench.input, input);
    await expect(bench.run()).rejects.toMatchObject({ code: "input_unreadable" });
    expect(bench.clock.sleeping).toBe(0);
  });

  it("ends with the error of a journal that cannot be read", async () => {
    const journal = memoryJournal();
    const broken = {
      ...journal,
      // biome-ignore lint/correctness/useYield: it fails before it could.
      async *read(): AsyncGenerator<Uint8Array> {
        throw new Error("The disk is gone.");
      },
    };
    const bench = openBench({ requests: 3, journal: broken });
    await expect(bench.run()).rejects.toThrow("The disk is gone.");
    expect(bench.asked).toHaveLength(0);
  });

  it("ends with the error of who cannot be asked at all, once the others are kept", async () => {
    const bench = openBench({
      requests: 40,
      concurrency: 4,
      script: ({ customId }) => {
        if (customId === "request-9") throw new Error("This is broken.");
        return reply(200, 100);
      },
    });
    await expect(bench.run()).rejects.toThrow("This is broken.");
    expect(bench.journal.ids).toHaveLength(bench.asked.length - 1);
    expect(bench.gate.taken).toBe(0);
    expect(bench.clock.sleeping).toBe(0);
  });
});
