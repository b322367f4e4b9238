import type Anthropic from "@anthropic-ai/sdk";
import { beforeEach, describe, expect, it } from "vitest";
import type { FakeAnthropic } from "../src/fake-anthropic.js";
import { create, oneDay, resultsOf, startFake } from "./support/start-fake-anthropic.js";

let fake: FakeAnthropic;
let client: Anthropic;

beforeEach(async () => {
  ({ fake, client } = await startFake());
});

describe("a fault of one HTTP request", () => {
  it.each([
    [402, "billing_error"],
    [403, "permission_error"],
    [429, "rate_limit_error"],
    [500, "api_error"],
    [503, "api_error"],
    [504, "timeout_error"],
    [529, "overloaded_error"],
  ])("answers %s in the envelope and accepts nothing", async (status, type) => {
    fake.failNext({ method: "POST" }, { kind: "status", status });
    const refused = { status, type, requestID: expect.stringMatching(/^req_/) };
    await expect(create(client, 1)).rejects.toMatchObject(refused);
    expect(fake.jobs).toEqual([]);
    await create(client, 1);
  });

  it("breaks the connection of a create that was accepted", async () => {
    fake.failNext({ method: "POST" }, { kind: "reset-after" });
    await expect(create(client, 1)).rejects.toThrow("Connection error");
    expect(fake.jobs).toHaveLength(1);
  });

  it("breaks results half-way", async () => {
    const { id } = await create(client, 100);
    fake.clock.advance(oneDay);
    fake.failNext({ path: /results$/ }, { kind: "break", bytes: 5000 });
    await expect(resultsOf(client, id)).rejects.toThrow();
    expect(await resultsOf(client, id)).toHaveLength(100);
  });
});

describe("a fault of one batch", () => {
  it("leaves it out of lists for a while", async () => {
    const { id: other } = await create(client, 1);
    fake.failJob({ kind: "unseen-in-list", ms: 1000 });
    const { id } = await create(client, 1);
    const listed = async () => (await client.messages.batches.list()).data.map((batch) => batch.id);
    expect(await listed()).toEqual([other]);
    expect(await client.messages.batches.retrieve(id)).toMatchObject({ id });
    fake.clock.advance(1000);
    expect(await listed()).toEqual([id, other]);
  });

  it("answers 404 to who asks for it for a while, though it lives", async () => {
    fake.failJob({ kind: "unseen", ms: 1000 }, 2);
    const { id } = await create(client, 1);
    const { id: second } = await create(client, 1);
    for (const hidden of [id, second]) {
      await expect(client.messages.batches.retrieve(hidden)).rejects.toMatchObject({
        status: 404,
        type: "not_found_error",
      });
    }
    expect((await client.messages.batches.list()).data).toHaveLength(2);
    fake.clock.advance(1000);
    expect(await client.messages.batches.retrieve(id)).toMatchObject({ id });
    const { id: third } = await create(client, 1);
    expect(await client.messages.batches.retrieve(third)).toMatchObject({ id: third });
  });

  it("answers 404 for its results for a while after its end", async () => {
    fake.failJob({ kind: "results-missing", ms: 1000 });
    const { id } = await create(client, 1);
    fake.clock.advance(10_000);
    expect((await client.messages.batches.retrieve(id)).results_url).toContain(id);
    await expect(resultsOf(client, id)).rejects.toMatchObject({ status: 404 });
    fake.clock.advance(1000);
    expect(await resultsOf(client, id)).toHaveLength(1);
  });

  it("shows a status that nobody knows, and ends late, also where it is canceled", async () => {
    fake.failJob(
      [
        { kind: "status", status: "queued" },
        { kind: "ends-late", ms: oneDay },
      ],
      2,
    );
    const { id, processing_status } = await create(client, 1);
    const { id: canceled } = await create(client, 1);
    expect(processing_status).toBe("queued");
    expect(await client.messages.batches.cancel(canceled)).toMatchObject({
      processing_status: "queued",
    });
    expect(fake.jobs).toMatchObject([{ status: "in_progress" }, { status: "canceling" }]);
    fake.clock.advance(oneDay + 1000);
    expect(fake.jobs).toMatchObject([{ status: "in_progress" }, { status: "ended" }]);
    fake.clock.advance(9000);
    expect(await client.messages.batches.retrieve(id)).toMatchObject({
      processing_status: "ended",
      request_counts: { succeeded: 1 },
    });
  });
});
