import type { BatchProvider } from "@langbatch/core";
import { type FakeOpenAI, startFakeOpenAI } from "@langbatch/testing";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openai } from "../src/index.js";
import { collect } from "./support/collect.js";
import { errorOf } from "./support/error-of.js";
import { context, shard } from "./support/provider-input.js";

const batchCalls = { method: "GET", path: /^\/v1\/batches/ };

describe("many jobs that are asked for", () => {
  let server: FakeOpenAI;
  let provider: BatchProvider;
  /** Oldest first: 20, then 320 of somebody else, then 280. */
  let ids: readonly string[];

  beforeAll(async () => {
    server = await startFakeOpenAI();
    const client = new OpenAI({ apiKey: "sk-test-canary", baseURL: server.url, maxRetries: 0 });
    provider = openai({ client });
    const uploaded = await provider.upload?.(shard(), context);
    for (let made = 0; made < 620; made += 20) {
      await Promise.all(
        Array.from({ length: 20 }, () => provider.create(shard(), uploaded, context)),
      );
    }
    ids = server.jobs.map(({ id }) => id);
  });

  afterAll(() => server.close());

  async function get(wanted: readonly string[]) {
    const before = server.requests.length;
    const jobs = await collect(provider.get(wanted, context));
    const calls = server.requests
      .slice(before)
      .filter(({ path }) => path.startsWith("/v1/batches"));
    return { got: jobs.map(({ id }) => id).toSorted(), jobs, calls: calls.length };
  }

  it("cost a call for each hundred, not for each", async () => {
    const wanted = ids.slice(340);
    const { got, calls } = await get(wanted);
    expect(got).toEqual(wanted.toSorted());
    expect(calls).toBe(3);
  });

  it("are the same as asked for one by one", async () => {
    const wanted = ids.slice(-3);
    const { jobs } = await get(wanted);
    for (const job of jobs) expect(await collect(provider.get([job.id], context))).toEqual([job]);
  });

  it("are asked for one by one where there are two", async () => {
    const { got, calls } = await get(ids.slice(0, 2));
    expect(got).toHaveLength(2);
    expect(calls).toBe(2);
  });

  it("are not looked for among strangers for longer than asking for each would take", async () => {
    const wanted = [...ids.slice(0, 4), ...ids.slice(-96)];
    const { got, calls } = await get(wanted);
    expect(got).toEqual(wanted.toSorted());
    // One page that showed most of them, four in vain, one for each of the rest.
    expect(calls).toBe(9);
  });

  it("are found at the end of a long list where they are many", async () => {
    const { got, calls } = await get(ids.slice(0, 20));
    expect(got).toHaveLength(20);
    expect(calls).toBe(7);
  });

  it("do not hide that one is not there", async () => {
    const { got } = await get([...ids.slice(-5), "batch_gone"]);
    expect(got).toEqual(ids.slice(-5).toSorted());
  });

  it.each([400, 404, 405, 501])(
    "are asked for one by one where the list is a %i",
    async (status) => {
      const error = { message: "There is no such thing." };
      server.failNext(batchCalls, { kind: "status", status, body: { error } });
      const { got, calls } = await get(ids.slice(-5));
      expect(got).toEqual(ids.slice(-5).toSorted());
      expect(calls).toBe(6);
    },
  );

  it("are asked for one by one where the list is none", async () => {
    server.failNext(batchCalls, { kind: "status", status: 200, body: { object: "nothing" } });
    expect((await get(ids.slice(-5))).calls).toBe(6);
  });

  it("are asked for again later where the list fails", async () => {
    server.failNext(batchCalls, { kind: "status", status: 500 });
    const error = await errorOf(collect(provider.get(ids.slice(-5), context)));
    expect(error).toMatchObject({ code: "provider_failed", retryable: true });
  });

  it("are the same as asked for one by one once they have ended, too", async () => {
    server.clock.advance(60_000);
    const { jobs } = await get(ids.slice(-3));
    expect(jobs.map(({ detail }) => Object.keys(detail ?? {}))).toEqual(
      Array.from({ length: 3 }, () => ["outputFileId"]),
    );
    for (const job of jobs) expect(await collect(provider.get([job.id], context))).toEqual([job]);
  });
});
