import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { chatLine, openHarness } from "./support/open-harness.js";
import { seen, uploads } from "./support/requests.js";

const three = [chatLine("a"), chatLine("b"), chatLine("c")];

describe("what goes wrong at the service", () => {
  it.each([
    ["a connection that breaks after the create was accepted", { kind: "reset-after" }],
    ["a 500 after the create was accepted", { kind: "error-after", status: 500 }],
    ["a 409 after the create was accepted", { kind: "error-after", status: 409 }],
    ["an answer that is cut off", { kind: "cut", bytes: 30 }],
  ] as const)("%s leads to one job, which is found and brought home", async (_what, fault) => {
    const { server, options, file } = await openHarness();
    server.failNext({ method: "POST", path: "/v1/batches" }, fault);
    const batch = new OpenAIChatCompletionBatch(await file(...three), options);
    await batch.start();
    expect(await batch.wait()).toBe("completed");
    expect(server.jobs).toHaveLength(1);
    expect((await batch.getResults()).successful).toHaveLength(3);
  });

  it.each([
    ["a connection that breaks before", { kind: "reset" }],
    [
      "a 502 that accepted nothing",
      { kind: "status", status: 502, body: "<html>bad gateway</html>" },
    ],
  ] as const)("%s is repeated only after the settle window", async (_what, fault) => {
    const { server, options, file } = await openHarness();
    server.failNext({ method: "POST", path: "/v1/batches" }, fault);
    const before = server.clock.now();
    const batch = new OpenAIChatCompletionBatch(await file(...three), options);
    await batch.start();
    expect(server.clock.now() - before).toBeGreaterThanOrEqual(900_000);
    expect(await batch.wait()).toBe("completed");
    expect(server.jobs).toHaveLength(1);
    expect(
      server.files.filter(({ purpose, deleted }) => purpose === "batch" && !deleted).length,
    ).toBe(1);
  });

  it("an uploaded file that the batches do not see yet costs a moment", async () => {
    const { server, options, file } = await openHarness();
    server.failJob({ kind: "input-not-found", looks: 2 });
    const batch = new OpenAIChatCompletionBatch(await file(...three), options);
    await batch.start();
    expect(server.jobs).toHaveLength(1);
    expect(server.files.filter(({ purpose }) => purpose === "batch")).toHaveLength(1);
  });

  it("an uploaded file that was deleted there is uploaded again by the next start", async () => {
    const { server, client, options, file } = await openHarness();
    server.failNext({ method: "POST", path: "/v1/batches" }, { kind: "status", status: 429 });
    const batch = new OpenAIChatCompletionBatch(await file(...three), options);
    await batch.start();
    for (const { id } of server.files) await client.files.delete(id);
    await expect(batch.wait()).rejects.toMatchObject({ code: "rejected" });
    await batch.start();
    expect(await batch.wait()).toBe("completed");
    expect(server.jobs).toHaveLength(1);
  });

  it("a wrong key is said at once, and nothing is lost", async () => {
    const { server, options, file } = await openHarness({ apiKey: "sk-right" });
    const path = await file(...three);
    const batch = new OpenAIChatCompletionBatch(path, options);
    const error: unknown = await batch.start().catch((error: unknown) => error);
    expect(error).toMatchObject({ code: "rejected", status: 401, provider: "openai" });
    expect(String(error)).not.toContain("canary");
    const right = new OpenAI({ apiKey: "sk-right", baseURL: server.url, maxRetries: 0 });
    const again = await OpenAIChatCompletionBatch.load(batch.id, {
      ...options,
      batchKwargs: { client: right },
    });
    await again.start();
    expect(await again.wait()).toBe("completed");
    expect(server.jobs).toHaveLength(1);
  });

  it("a job that is invisible, has an unknown status word and wrong counts comes home all the same", async () => {
    const { server, options, file } = await openHarness();
    server.failJob([
      { kind: "not-found", looks: 2 },
      { kind: "status-word", word: "queued_somewhere_new", looks: 3 },
      { kind: "wrong-counts", counts: { total: 3, completed: 3, failed: 0 } },
      { kind: "content-not-found", looks: 2 },
      { kind: "empty-file-ids" },
    ]);
    const batch = new OpenAIChatCompletionBatch(await file(...three), options);
    await batch.start();
    expect(await batch.wait()).toBe("completed");
    expect((await batch.getResults()).successful).toHaveLength(3);
  });

  it("a result file that breaks off or is cut short is fetched again", async () => {
    for (const fault of [
      { kind: "break", bytes: 100 },
      { kind: "cut", bytes: 100 },
    ] as const) {
      const { server, options, file } = await openHarness();
      server.failNext({ method: "GET", path: /\/content$/ }, fault);
      const batch = new OpenAIChatCompletionBatch(await file(...three), options);
      await batch.start();
      expect(await batch.wait()).toBe("completed");
      expect((await batch.getResults()).successful).toHaveLength(3);
    }
  });

  it("an expired job brings what was finished, and retry asks for the rest", async () => {
    let isFirst = true;
    const { server, options, file } = await openHarness({
      answer: ({ custom_id }) =>
        isFirst && custom_id === "c" ? { kind: "expire" } : { kind: "succeed" },
    });
    const batch = new OpenAIChatCompletionBatch(await file(...three), options);
    await batch.start();
    expect(await batch.wait()).toBe("expired");
    const before = await batch.getResults();
    expect(before.successful).toHaveLength(2);
    expect(before.unsuccessful).toMatchObject([
      { custom_id: "c", error: { code: "batch_expired" } },
    ]);
    isFirst = false;
    await batch.retry();
    expect(await batch.wait()).toBe("completed");
    expect((await batch.getResults()).successful.map(({ custom_id }) => custom_id)).toEqual([
      "a",
      "b",
      "c",
    ]);
    expect(server.jobs.map(({ requests }) => requests)).toEqual([3, 1]);
  });

  it("a job that fails as a whole says why for each request, and can be retried", async () => {
    const { server, options, file } = await openHarness();
    server.failJob({ kind: "fail", code: "invalid_request", message: "It cannot be read." });
    const batch = new OpenAIChatCompletionBatch(await file(...three), options);
    await batch.start();
    expect(await batch.wait()).toBe("failed");
    const { unsuccessful } = await batch.getResults();
    expect(unsuccessful.map(({ error }) => error.code)).toEqual(Array(3).fill("invalid_request"));
    await batch.retry({ only: "retryable" });
    expect(server.jobs).toHaveLength(1);
    await batch.retry();
    expect(await batch.wait()).toBe("completed");
    expect(server.jobs).toHaveLength(2);
  });

  it.each(["token_limit_exceeded", "billing_hard_limit_reached"])(
    "a job that is taken and fails with %s is created again from the same file",
    async (code) => {
      const { server, options, file } = await openHarness();
      server.failJob({ kind: "fail", code, message: "Enqueued token limit reached." });
      const batch = new OpenAIChatCompletionBatch(await file(...three), options);
      await batch.start();
      const told: string[] = [];
      const waited = batch.wait({ onProgress: ({ shards }) => told.push(shards[0]?.state ?? "") });
      expect(await waited).toBe("completed");
      expect(told).toContain("waiting");
      expect((await batch.getResults()).successful).toHaveLength(3);
      expect(server.jobs).toHaveLength(2);
      expect(seen(server, uploads)).toHaveLength(1);
    },
  );

  it("cancelled half-way, a batch keeps what was answered", async () => {
    const { server, options, file } = await openHarness({ runningMs: 100_000 });
    const lines = Array.from({ length: 20 }, (_none, at) => chatLine(`r${at}`));
    const batch = new OpenAIChatCompletionBatch(await file(...lines), options);
    await batch.start();
    server.clock.advance(60_000);
    await batch.cancel();
    expect(await batch.getStatus()).toBe("cancelling");
    expect(await batch.wait()).toBe("cancelled");
    const { successful, unsuccessful } = await batch.getResults();
    expect(successful.length).toBeGreaterThan(0);
    expect(unsuccessful.every(({ error }) => error.code === "batch_cancelled")).toBe(true);
    expect(successful.length + unsuccessful.length).toBe(20);
  });
});
