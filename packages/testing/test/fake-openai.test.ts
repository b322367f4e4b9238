import OpenAI7 from "openai-7";
import { describe, expect, it } from "vitest";
import { script } from "./support/answer-script.js";
import { chat, createBatch, oneDay, order } from "./support/batch-order.js";
import { chatLines } from "./support/input-lines.js";
import { idsOf, resultsOf } from "./support/result-lines.js";
import { startFake } from "./support/start-fake.js";

describe("a batch's life", () => {
  it("goes from validating to completed as the clock advances", async () => {
    const { fake, client } = await startFake();
    const created = await createBatch(client, chatLines(10), { metadata: { tag: "t1" } });
    expect(created).toMatchObject({
      object: "batch",
      status: "validating",
      endpoint: chat,
      completion_window: "24h",
      metadata: { tag: "t1" },
      request_counts: { total: 0, completed: 0, failed: 0 },
      output_file_id: null,
      error_file_id: null,
      errors: null,
    });
    expect(created.id).toMatch(/^batch_[0-9a-f]{32}$/);
    expect(created.input_file_id).toMatch(/^file-\w{22}$/);
    expect(created.expires_at).toBe(created.created_at + 86_400);

    fake.clock.advance(1000);
    expect(await client.batches.retrieve(created.id)).toMatchObject({
      status: "in_progress",
      model: "gpt-test",
      in_progress_at: created.created_at + 1,
      request_counts: { total: 10, completed: 0, failed: 0 },
    });
    fake.clock.advance(5000);
    expect(await client.batches.retrieve(created.id)).toMatchObject({
      status: "in_progress",
      request_counts: { total: 10, completed: 5, failed: 0 },
    });
    fake.clock.advance(5000);
    expect(await client.batches.retrieve(created.id)).toMatchObject({
      status: "finalizing",
      finalizing_at: created.created_at + 11,
      request_counts: { total: 10, completed: 10, failed: 0 },
      output_file_id: null,
    });
    fake.clock.advance(1000);
    const done = await client.batches.retrieve(created.id);
    expect(done).toMatchObject({
      status: "completed",
      completed_at: created.created_at + 12,
      error_file_id: null,
    });
    expect(done.usage?.total_tokens).toBeGreaterThan(0);
    expect(idsOf(await resultsOf(client, done.output_file_id))).toHaveLength(10);
  });

  it("runs by itself on the real clock", async () => {
    const times = { validatingMs: 0, runningMs: 0, finalizingMs: 0 };
    const { fake, client } = await startFake({ clock: "real", ...times });
    const before = Date.now();
    expect(await createBatch(client, chatLines(1))).toMatchObject({ status: "completed" });
    expect(fake.clock.now()).toBeGreaterThanOrEqual(before);
  });

  it("serves the 7.x client as well", async () => {
    const { fake } = await startFake();
    const client = new OpenAI7({ apiKey: "test", baseURL: fake.url, maxRetries: 0 });
    const file = new File([chatLines(3)], "input.jsonl");
    const { id } = await client.files.create({ file, purpose: "batch" });
    const batch = await client.batches.create({ input_file_id: id, ...order });
    fake.clock.advance(oneDay);
    const done = await client.batches.retrieve(batch.id);
    const text = await (await client.files.content(String(done.output_file_id))).text();
    expect(text.trimEnd().split("\n")).toHaveLength(3);
  });

  it("expires after its window with what was answered, and says which requests were not", async () => {
    const { fake, client } = await startFake(script({ r1: { kind: "expire" } }));
    const { id } = await createBatch(client, chatLines(3));
    fake.clock.advance(oneDay - 1);
    expect(await client.batches.retrieve(id)).toMatchObject({
      status: "in_progress",
      request_counts: { total: 3, completed: 2, failed: 0 },
    });
    fake.clock.advance(1);
    const expired = await client.batches.retrieve(id);
    expect(expired).toMatchObject({
      status: "expired",
      request_counts: { total: 3, completed: 2, failed: 0 },
    });
    expect(expired.expired_at).toBe(expired.expires_at);
    expect(idsOf(await resultsOf(client, expired.output_file_id)).sort()).toEqual(["r0", "r2"]);
    expect(await resultsOf(client, expired.error_file_id)).toMatchObject([
      { custom_id: "r1", response: null, error: { code: "batch_expired" } },
    ]);
  });

  it("expires half-way where it is slower than its window", async () => {
    const { fake, client } = await startFake({ validatingMs: 0, runningMs: 2 * oneDay });
    const { id } = await createBatch(client, chatLines(10));
    fake.clock.advance(3 * oneDay);
    const expired = await client.batches.retrieve(id);
    expect(expired.status).toBe("expired");
    expect(await resultsOf(client, expired.output_file_id)).toHaveLength(5);
    expect(await resultsOf(client, expired.error_file_id)).toHaveLength(5);
  });

  it("keeps what was answered before it was cancelled", async () => {
    const { fake, client } = await startFake({
      answer: ({ line }) => (line % 2 === 0 ? { kind: "fail", status: 400 } : { kind: "succeed" }),
    });
    const { id } = await createBatch(client, chatLines(100));
    fake.clock.advance(6000);
    expect(await client.batches.cancel(id)).toMatchObject({ status: "cancelling" });
    fake.clock.advance(999);
    expect(await client.batches.retrieve(id)).toMatchObject({ status: "cancelling" });
    fake.clock.advance(1);
    const cancelled = await client.batches.retrieve(id);
    expect(cancelled.status).toBe("cancelled");
    const counts = cancelled.request_counts;
    expect(Number(counts?.completed) + Number(counts?.failed)).toBe(50);

    const output = await resultsOf(client, cancelled.output_file_id);
    const errors = await resultsOf(client, cancelled.error_file_id);
    const unanswered = errors.filter((line) => line.error?.code === "batch_cancelled");
    expect(output).toHaveLength(Number(counts?.completed));
    expect(unanswered).toHaveLength(50);
    expect(new Set(idsOf([...output, ...errors])).size).toBe(100);
    expect(await client.batches.cancel(id)).toMatchObject({ status: "cancelled" });
  });

  it("has nothing but cancelled lines where it was cancelled before it ran", async () => {
    const { fake, client } = await startFake();
    const { id } = await createBatch(client, chatLines(2));
    await client.batches.cancel(id);
    fake.clock.advance(1000);
    const cancelled = await client.batches.retrieve(id);
    expect(cancelled).toMatchObject({ status: "cancelled", output_file_id: null });
    expect(await resultsOf(client, cancelled.error_file_id)).toHaveLength(2);
  });

  it("refuses to cancel what has ended otherwise", async () => {
    const { fake, client } = await startFake();
    const { id } = await createBatch(client, chatLines(1));
    fake.clock.advance(oneDay);
    await expect(client.batches.cancel(id)).rejects.toMatchObject({
      status: 409,
      message: "409 Cannot cancel a batch with status 'completed'.",
    });
  });
});

describe("the ledger", () => {
  it("knows every request, batch and file, whatever the client knows", async () => {
    const { fake, client } = await startFake();
    const { id, input_file_id } = await createBatch(client, chatLines(4), {
      metadata: { langbatch: "tag-1" },
    });
    fake.clock.advance(oneDay);
    await client.batches.retrieve(id);
    await client.files.delete(input_file_id);

    expect(fake.requests.map(({ method, path, status }) => [method, path, status])).toEqual([
      ["POST", "/v1/files", 200],
      ["POST", "/v1/batches", 200],
      ["GET", `/v1/batches/${id}`, 200],
      ["DELETE", `/v1/files/${input_file_id}`, 200],
    ]);
    expect(fake.requests[0]?.bytes).toBeGreaterThan(chatLines(4).length);
    expect(fake.requests[0]?.headers.authorization).toBe("Bearer test");
    expect(fake.jobs).toEqual([
      {
        id,
        inputFileId: input_file_id,
        endpoint: chat,
        metadata: { langbatch: "tag-1" },
        createdAt: fake.clock.now() - oneDay,
        status: "completed",
        requests: 4,
      },
    ]);
    expect(fake.files).toMatchObject([
      { id: input_file_id, name: "input.jsonl", purpose: "batch", deleted: true },
      { name: `${id}_output.jsonl`, purpose: "batch_output", deleted: false },
    ]);
    expect(Buffer.from(await fake.inputOf(id)).toString()).toBe(chatLines(4));
    await expect(fake.inputOf("batch_0")).rejects.toThrow("batch_0");
  });
});

describe("the list of batches", () => {
  it("goes newest first through 250 batches by cursor", async () => {
    const { fake, client } = await startFake();
    const { input_file_id } = await createBatch(client, chatLines(1));
    const again = { input_file_id, ...order };
    await Promise.all(Array.from({ length: 248 }, () => client.batches.create(again)));
    const { id: newest } = await client.batches.create(again);
    const created = fake.jobs.map((job) => job.id);
    const listed: string[] = [];
    for await (const { id } of client.batches.list({ limit: 100 })) listed.push(id);
    expect(listed).toEqual(created.toReversed());
    expect(listed[0]).toBe(newest);

    const page = await client.batches.list();
    expect(page.data).toHaveLength(20);
    expect(page.has_more).toBe(true);
    const last = await client.batches.list({ limit: 100, after: String(listed[199]) });
    expect(last.data).toHaveLength(50);
    expect(last.has_more).toBe(false);
  }, 30_000);

  it("refuses a limit out of bounds and a cursor it does not know", async () => {
    const { client } = await startFake();
    await expect(client.batches.list({ limit: 101 })).rejects.toMatchObject({ status: 400 });
    await expect(client.batches.list({ limit: 0 })).rejects.toMatchObject({ param: "limit" });
    await expect(client.batches.list({ after: "batch_0" })).rejects.toMatchObject({ status: 400 });
    const empty = await client.batches.list().asResponse();
    const nothing = { object: "list", data: [], first_id: null, last_id: null, has_more: false };
    expect(await empty.json()).toEqual(nothing);
  });
});
