import Anthropic0 from "anthropic-0";
import { describe, expect, it } from "vitest";
import {
  create,
  oneDay,
  requests,
  resultLines,
  resultsOf,
  script,
  startFake,
} from "./support/start-fake-anthropic.js";

const start = "2026-01-01T00:00:00.000000Z";
const none = { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 };

describe("a message batch's life", () => {
  it("goes from in_progress to ended as the clock advances, with counts only at the end", async () => {
    const { fake, client } = await startFake(script({ r1: { kind: "error" } }));
    const created = await create(client, 10);
    expect(created).toEqual({
      id: expect.stringMatching(/^msgbatch_01\w{22}$/),
      type: "message_batch",
      processing_status: "in_progress",
      request_counts: { ...none, processing: 10 },
      created_at: start,
      expires_at: "2026-01-02T00:00:00.000000Z",
      ended_at: null,
      cancel_initiated_at: null,
      archived_at: null,
      results_url: null,
    });
    fake.clock.advance(9999);
    expect(await client.messages.batches.retrieve(created.id)).toEqual(created);
    await expect(resultsOf(client, created.id)).rejects.toThrow("results_url");
    const early = await resultLines(fake, created.id);
    expect(JSON.parse(String(early[0]))).toMatchObject({ error: { type: "not_found_error" } });

    fake.clock.advance(1);
    expect(await client.messages.batches.retrieve(created.id)).toEqual({
      ...created,
      processing_status: "ended",
      request_counts: { ...none, succeeded: 9, errored: 1 },
      ended_at: "2026-01-01T00:00:10.000000Z",
      results_url: `${fake.url}/v1/messages/batches/${created.id}/results`,
    });
    const ids = (await resultsOf(client, created.id)).map((line) => line.custom_id);
    const sent = requests(10).map((request) => request.custom_id);
    expect(ids).not.toEqual(sent);
    expect(ids.sort()).toEqual(sent);
  });

  it("runs by itself on the real clock", async () => {
    const { fake, client } = await startFake({ clock: "real", runningMs: 0 });
    const before = Date.now();
    expect(await create(client, 1)).toMatchObject({ processing_status: "ended" });
    expect(fake.clock.now()).toBeGreaterThanOrEqual(before);
  });

  it("serves the 0.x client as well", async () => {
    const { fake } = await startFake();
    const client = new Anthropic0({ apiKey: "test", baseURL: fake.url, maxRetries: 0 });
    const { id } = await client.messages.batches.create({ requests: requests(2) });
    fake.clock.advance(oneDay);
    const types: string[] = [];
    for await (const line of await client.messages.batches.results(id))
      types.push(line.result.type);
    expect(types).toEqual(["succeeded", "succeeded"]);
  });

  it("waits until its window ends for what is never answered, which is then expired", async () => {
    const { fake, client } = await startFake(script({ r1: { kind: "expire" } }));
    const { id } = await create(client, 3);
    fake.clock.advance(oneDay - 1);
    expect(await client.messages.batches.retrieve(id)).toMatchObject({
      processing_status: "in_progress",
    });
    fake.clock.advance(1);
    const ended = await client.messages.batches.retrieve(id);
    expect(ended.request_counts).toEqual({ ...none, succeeded: 2, expired: 1 });
    expect(ended.ended_at).toBe(ended.expires_at);
    expect(await resultsOf(client, id)).toContainEqual({
      custom_id: "r1",
      result: { type: "expired" },
    });
  });

  it("expires half-way where it is slower than its window", async () => {
    const { fake, client } = await startFake({ runningMs: 2 * oneDay });
    const { id } = await create(client, 10);
    fake.clock.advance(3 * oneDay);
    expect((await client.messages.batches.retrieve(id)).request_counts).toEqual({
      ...none,
      succeeded: 5,
      expired: 5,
    });
    expect(await resultsOf(client, id)).toHaveLength(10);
  });

  it("keeps what was answered before it was canceled", async () => {
    const { fake, client } = await startFake({
      answer: ({ index }) => ({ kind: index % 2 === 0 ? "succeed" : "error" }),
    });
    const { id } = await create(client, 10);
    fake.clock.advance(6000);
    const canceling = await client.messages.batches.cancel(id);
    expect(canceling).toMatchObject({
      processing_status: "canceling",
      cancel_initiated_at: "2026-01-01T00:00:06.000000Z",
      request_counts: { ...none, processing: 10 },
      ended_at: null,
      results_url: null,
    });
    fake.clock.advance(999);
    expect(await client.messages.batches.cancel(id)).toEqual(canceling);
    fake.clock.advance(1);
    expect(await client.messages.batches.retrieve(id)).toMatchObject({
      processing_status: "ended",
      ended_at: "2026-01-01T00:00:07.000000Z",
      request_counts: { ...none, succeeded: 3, errored: 3, canceled: 4 },
    });
    const results = await resultsOf(client, id);
    const types = Object.fromEntries(results.map((line) => [line.custom_id, line.result.type]));
    const answers = ["succeeded", "errored", "succeeded", "errored", "succeeded", "errored"];
    const all = [...answers, "canceled", "canceled", "canceled", "canceled"];
    expect(types).toEqual(Object.fromEntries(all.map((type, index) => [`r${index}`, type])));
  });

  it("cancels what is never answered, and nothing that has ended", async () => {
    const { fake, client } = await startFake(script({ r0: { kind: "expire" } }));
    const { id } = await create(client, 2);
    fake.clock.advance(20_000);
    await client.messages.batches.cancel(id);
    fake.clock.advance(1000);
    expect((await client.messages.batches.retrieve(id)).request_counts).toEqual({
      ...none,
      succeeded: 1,
      canceled: 1,
    });
    await expect(client.messages.batches.cancel(id)).rejects.toMatchObject({
      status: 400,
      type: "invalid_request_error",
    });
  });

  it("is deleted only after its end, and is then gone", async () => {
    const { fake, client } = await startFake();
    const { id } = await create(client, 2);
    await expect(client.messages.batches.delete(id)).rejects.toMatchObject({ status: 400 });
    fake.clock.advance(oneDay);
    const deleted = { id, type: "message_batch_deleted" };
    expect(await client.messages.batches.delete(id)).toEqual(deleted);
    await expect(client.messages.batches.retrieve(id)).rejects.toMatchObject({ status: 404 });
    await expect(resultsOf(client, id)).rejects.toMatchObject({ status: 404 });
    expect((await client.messages.batches.list()).data).toEqual([]);
    expect(fake.jobs).toMatchObject([{ id, deleted: true }]);
    expect(await fake.inputOf(id)).toEqual(requests(2));
  });

  it("loses its results after 29 days", async () => {
    const { fake, client } = await startFake();
    const { id } = await create(client, 1);
    fake.clock.advance(29 * oneDay - 1);
    expect(await resultsOf(client, id)).toHaveLength(1);
    fake.clock.advance(1);
    expect(await client.messages.batches.retrieve(id)).toMatchObject({
      archived_at: "2026-01-30T00:00:00.000000Z",
      results_url: null,
      request_counts: { ...none, succeeded: 1 },
    });
    const [gone] = await resultLines(fake, id);
    expect(JSON.parse(String(gone))).toMatchObject({ error: { type: "not_found_error" } });
  });
});

describe("what a test can ask", () => {
  it("knows every batch as it truly stands, and what it was made of", async () => {
    const { fake, client } = await startFake();
    const { id } = await create(client, 3);
    fake.clock.advance(4000);
    await create(client, 1);
    fake.clock.advance(6000);
    const facts = { organization: "org-fake", workspace: "wrkspc_fake", deleted: false };
    const createdAt = Date.UTC(2026, 0, 1);
    expect(fake.jobs).toMatchObject([
      { id, createdAt, status: "ended", requests: 3, firstCustomId: "r0", ...facts },
      { createdAt: createdAt + 4000, status: "in_progress", requests: 1, ...facts },
    ]);
    expect(await fake.inputOf(id)).toEqual(requests(3));
    await expect(fake.inputOf("msgbatch_no")).rejects.toThrow("msgbatch_no");
    expect(fake.requests).toMatchObject([
      { method: "POST", path: "/v1/messages/batches", status: 200 },
      { method: "POST", path: "/v1/messages/batches", status: 200 },
    ]);
  });

  it("orders results by its seed alone", async () => {
    const order = async (seed: number) => {
      const { fake, client } = await startFake({ seed });
      const { id } = await create(client, 20);
      fake.clock.advance(oneDay);
      return (await resultsOf(client, id)).map((line) => line.custom_id);
    };
    expect(await order(7)).toEqual(await order(7));
    expect(await order(7)).not.toEqual(await order(8));
  });
});
