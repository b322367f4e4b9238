import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  OpenAIChatCompletionBatch,
  OpenAICompletionBatch,
  OpenAIEmbeddingBatch,
  OpenAIModerationBatch,
  OpenAIResponsesBatch,
} from "@langbatch/openai";
import { fileStorage } from "@langbatch/storage-file";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { chatLine, openHarness } from "./support/open-harness.js";

const three = [chatLine("a"), chatLine("b"), chatLine("c")];

describe("a batch from a JSONL file", () => {
  it("goes from file to results through the service, and from process to process", async () => {
    const { server, options, file, folder } = await openHarness({
      answer: ({ custom_id }) =>
        custom_id === "b"
          ? { kind: "fail", status: 400, code: "bad", message: "no" }
          : { kind: "succeed" },
    });
    const storage = fileStorage(join(folder, "state"));
    const batch = new OpenAIChatCompletionBatch(await file(...three), { ...options, storage });
    expect(await batch.getStatus()).toBe("created");
    await batch.start();
    expect(await batch.getStatus()).toBe("validating");
    await expect(batch.getResults()).rejects.toMatchObject({ code: "not_ready" });

    const later = await OpenAIChatCompletionBatch.load(batch.id, {
      ...options,
      storage: fileStorage(join(folder, "state")),
    });
    expect(await later.wait()).toBe("completed");
    const { successful, unsuccessful } = await later.getResults();
    expect(successful.map(({ custom_id }) => custom_id)).toEqual(["a", "c"]);
    expect(successful[0]?.choices[0]?.message.content).toEqual(expect.any(String));
    expect(unsuccessful).toMatchObject([{ custom_id: "b", error: { code: "bad", message: "no" } }]);
    expect(server.jobs).toHaveLength(1);

    const path = await later.getResultsFile({ path: join(folder, "out.jsonl") });
    const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).custom_id)).toEqual(["a", "b", "c"]);
  });

  it("sends the user's lines byte for byte, under a name and with metadata that find them again", async () => {
    const { server, options, client, file } = await openHarness();
    const odd = `{ "custom_id":"x\u2028y", "method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-5-mini","seed":12345678901234567890,"messages":[{"role":"user","content":"\u2028"}]}}`;
    const batchKwargs = { client, metadata: { team: "search" } };
    const batch = new OpenAIChatCompletionBatch(await file(odd), { ...options, batchKwargs });
    await batch.start();
    const [job] = server.jobs;
    expect(Buffer.from(await server.inputOf(job?.id ?? "")).toString()).toBe(`${odd}\n`);
    expect(job?.metadata).toEqual({ team: "search", langbatch: expect.stringMatching(/^lb-/) });
    expect(server.files[0]?.name).toBe(`${job?.metadata.langbatch}.jsonl`);
  });

  it("keeps what every process must agree on, and no key, in the storage", async () => {
    const { options, file, storage } = await openHarness();
    const batchKwargs = { ...options.batchKwargs, apiKey: "sk-test-canary", metadata: { a: "1" } };
    const batch = new OpenAIChatCompletionBatch(await file(...three), { ...options, batchKwargs });
    await batch.start();
    await batch.wait();
    let record = "";
    for await (const key of storage.list("")) {
      const stored = await storage.readRecord(key);
      const text = Buffer.from(stored?.value ?? []).toString();
      expect(text).not.toContain("canary");
      if (key.startsWith("batches/")) record = text;
    }
    expect(record).toContain('"settings":{"completionWindow":"24h","metadata":{"a":"1"}}');
  });

  it("sends a short url as the full one", async () => {
    const { server, options, file } = await openHarness();
    const batch = new OpenAIChatCompletionBatch(
      await file({ ...chatLine("a"), url: "/chat/completions" }),
      options,
    );
    await batch.start();
    expect(await batch.wait()).toBe("completed");
    expect(Buffer.from(await server.inputOf(server.jobs[0]?.id ?? "")).toString()).toContain(
      '"url":"/v1/chat/completions"',
    );
  });
});

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
    server.failJob({
      kind: "fail",
      code: "token_limit_exceeded",
      message: "Enqueued token limit reached.",
    });
    const batch = new OpenAIChatCompletionBatch(await file(...three), options);
    await batch.start();
    expect(await batch.wait()).toBe("failed");
    const { unsuccessful } = await batch.getResults();
    expect(unsuccessful.map(({ error }) => error.code)).toEqual(
      Array(3).fill("token_limit_exceeded"),
    );
    await batch.retry();
    expect(await batch.wait()).toBe("completed");
    expect(server.jobs).toHaveLength(2);
  });

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

describe("the named classes", () => {
  const requestKwargs = { model: "test-model" };

  it("bring the answers of their endpoints home", async () => {
    const { options } = await openHarness();
    const kwargs = { ...options, requestKwargs };

    const chat = await OpenAIChatCompletionBatch.create(["hello"], kwargs);
    const embedding = await OpenAIEmbeddingBatch.create(["one", ["two", "three"]], kwargs);
    const response = await OpenAIResponsesBatch.create(["hello"], kwargs);
    const completion = await OpenAICompletionBatch.create(["once upon"], kwargs);
    const moderation = await OpenAIModerationBatch.create(["fine"], kwargs);
    for (const batch of [chat, embedding, response, completion, moderation]) {
      await batch.start();
      expect(await batch.wait()).toBe("completed");
    }

    expect((await chat.getResults()).successful[0]?.choices[0]?.message.role).toBe("assistant");
    const vectors = (await embedding.getResults()).successful;
    expect(vectors[0]?.embedding.length).toBeGreaterThan(0);
    expect(vectors[1]?.embeddings).toHaveLength(2);
    const answer = (await response.getResults()).successful[0];
    expect(answer?.output[0]?.type).toBe("message");
    expect(answer?.output_text).toEqual(expect.any(String));
    expect((await completion.getResults()).successful[0]?.choices[0]?.text).toEqual(
      expect.any(String),
    );
    expect((await moderation.getResults()).successful[0]?.results[0]?.flagged).toBe(false);
  });

  it("refuse a batch of another one", async () => {
    const { options } = await openHarness();
    const { id } = await OpenAIEmbeddingBatch.create(["x"], { ...options, requestKwargs });
    await expect(OpenAIChatCompletionBatch.load(id, options)).rejects.toMatchObject({
      code: "wrong_class",
    });
  });
});
