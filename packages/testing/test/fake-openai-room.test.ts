import type { APIError } from "openai";
import { describe, expect, it } from "vitest";
import type { AnswerScript } from "../src/index.js";
import { createBatch, order, upload } from "./support/batch-order.js";
import { requestLine } from "./support/input-lines.js";
import { startFake } from "./support/start-fake.js";

describe("the room at the service", () => {
  it("takes as many active batches as it has, and more once one has ended", async () => {
    const { fake, client } = await startFake({ maxActiveBatches: 2 });
    const { id } = await upload(client, requestLine("a"));
    const create = () => client.batches.create({ input_file_id: id, ...order });
    const first = await create();
    await create();
    await expect(create()).rejects.toMatchObject({ status: 429, code: "rate_limit_exceeded" });
    expect(fake.jobs).toHaveLength(2);
    await client.batches.cancel(first.id);
    await expect(create()).rejects.toMatchObject({ status: 429 });
    fake.clock.advance(10_000);
    expect((await create()).status).toBe("validating");
  });

  it("is said to be worth asking for again after as long as the test wants", async () => {
    const { client } = await startFake({ maxActiveBatches: 0, retryAfterSeconds: 20 });
    const refused = await createBatch(client, requestLine("a")).catch((error: unknown) => error);
    expect((refused as APIError).headers?.get("retry-after")).toBe("20");
  });

  it("is said to be none without a time to ask again", async () => {
    const { client } = await startFake({ maxActiveBatches: 0 });
    const refused = await createBatch(client, requestLine("a")).catch((error: unknown) => error);
    expect((refused as APIError).headers?.get("retry-after")).toBeNull();
  });

  it("takes no more than it has where many come at once", async () => {
    const { fake, client } = await startFake({ maxActiveBatches: 3 });
    const { id } = await upload(client, requestLine("a"));
    const create = () => client.batches.create({ input_file_id: id, ...order });
    const came = await Promise.allSettled(Array.from({ length: 8 }, create));
    expect(came.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    expect(fake.jobs).toHaveLength(3);
  });

  it("takes a batch with too many tokens, and lets it fail without running anything", async () => {
    const line = requestLine("a");
    const tokens = Math.ceil((Buffer.byteLength(line) + 1) / 4);
    const ran: string[] = [];
    const answer: AnswerScript = (request) => {
      ran.push(request.custom_id);
      return { kind: "succeed" };
    };
    const { fake, client } = await startFake({ maxEnqueuedTokens: tokens * 2, answer });
    const { id } = await upload(client, line);
    const create = () => client.batches.create({ input_file_id: id, ...order });
    await create();
    await create();
    const third = await create();
    expect(third.status).toBe("validating");
    fake.clock.advance(1_000);
    const failed = await client.batches.retrieve(third.id);
    expect(failed).toMatchObject({ status: "failed", output_file_id: null, error_file_id: null });
    expect(failed.errors?.data).toMatchObject([{ code: "token_limit_exceeded" }]);
    expect(ran).toEqual(["a", "a"]);
    expect(fake.jobs.map(({ requests }) => requests)).toEqual([1, 1, 1]);
    fake.clock.advance(60_000);
    const fourth = await create();
    fake.clock.advance(60_000);
    expect((await client.batches.retrieve(fourth.id)).status).toBe("completed");
  });
});
