import type { BatchProvider, Job } from "@langbatch/core";
import { type FakeOpenAI, type HttpFault, startFakeOpenAI } from "@langbatch/testing";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openai } from "../src/index.js";
import { collect } from "./support/collect.js";
import { errorOf } from "./support/error-of.js";
import { openHarness } from "./support/open-harness.js";
import { context, shard, tag } from "./support/provider-input.js";
import { lists, seen } from "./support/requests.js";

describe("the list of jobs", () => {
  let server: FakeOpenAI;
  let provider: BatchProvider;
  let newest: number;
  let oldest: number;
  const old = 250;
  const recent = 50;

  beforeAll(async () => {
    server = await startFakeOpenAI();
    const client = new OpenAI({ apiKey: "sk-test-canary", baseURL: server.url, maxRetries: 0 });
    provider = openai({ client });
    const uploaded = await provider.upload?.(shard(), context);
    const createMany = async (count: number) => {
      for (let made = 0; made < count; made += 10) {
        const ten = Array.from({ length: 10 }, () => provider.create(shard(), uploaded, context));
        await Promise.all(ten);
      }
    };
    oldest = server.clock.now();
    await createMany(old);
    server.clock.advance(86_400_000);
    newest = server.clock.now();
    await createMany(recent);
  });

  afterAll(() => server.close());

  async function listed(since: number) {
    const before = seen(server, lists).length;
    const jobs = await collect(provider.list({ since, tag }, context));
    return { jobs, queries: seen(server, lists).slice(before) };
  }

  it("is read to its end, page by page", async () => {
    const { jobs, queries } = await listed(oldest);
    const ids = server.jobs.map(({ id }) => id).reverse();
    expect(jobs.map(({ id }) => id)).toEqual(ids);
    expect(queries.map(({ query }) => query)).toEqual([
      "?limit=100",
      `?limit=100&after=${ids[99]}`,
      `?limit=100&after=${ids[199]}`,
    ]);
  });

  it("is not read further than a page that is all too old", async () => {
    const { jobs, queries } = await listed(newest);
    expect(jobs.filter(({ createdAt }) => createdAt >= newest)).toHaveLength(recent);
    expect(queries).toHaveLength(2);
  });

  it.each<readonly [what: string, fault: HttpFault, code: string]>([
    ["500", { kind: "status", status: 500 }, "provider_failed"],
    ["404", { kind: "status", status: 404 }, "provider_failed"],
    ["a broken connection", { kind: "reset" }, "provider_failed"],
    ["a page that is cut", { kind: "cut", bytes: 1000 }, "provider_failed"],
    ["a page that is cut to nothing", { kind: "cut", bytes: 0 }, "provider_failed"],
    ["an HTML page", { kind: "status", status: 200, body: "<html></html>" }, "provider_failed"],
    ["an object without jobs", { kind: "status", status: 200, body: {} }, "incomplete_listing"],
    ["no list of jobs", { kind: "status", status: 200, body: { data: {} } }, "incomplete_listing"],
  ])("throws where its second page is none: %s", async (_, fault, code) => {
    const jobs = provider.list({ since: oldest }, context)[Symbol.asyncIterator]();
    for (let read = 0; read < 100; read += 1) expect((await jobs.next()).done).toBe(false);
    server.failNext(lists, fault);
    const error = await errorOf(jobs.next());
    expect(error.code).toBe(code);
  });
});

describe("the list of another service", () => {
  const page = (from: number, count: number, has_more?: boolean) => ({
    object: "list",
    data: Array.from({ length: count }, (_, index) => ({
      id: `batch_${from + index}`,
      status: "completed",
      metadata: null,
    })),
    has_more,
  });

  async function listed(...pages: readonly object[]): Promise<Job[]> {
    const { server, client } = await openHarness();
    for (const body of pages) server.failNext(lists, { kind: "status", status: 200, body });
    return collect(openai({ client }).list({ since: server.clock.now() }, context));
  }

  it("is read on where it does not say when its jobs were made", async () => {
    expect(await listed(page(0, 100, true), page(100, 5, false))).toHaveLength(105);
  });

  it("is read on after a full page that does not say whether there is more", async () => {
    expect(await listed(page(0, 100), page(100, 5))).toHaveLength(105);
  });

  it("is read by the cursors it gives, and ends where it gives none", async () => {
    const { server, client } = await openHarness();
    const pages = [
      { data: page(0, 100).data, paging: { next_cursor: "c1" } },
      { data: page(100, 100).data, paging: { next_cursor: null } },
    ];
    for (const body of pages) server.failNext(lists, { kind: "status", status: 200, body });
    const jobs = await collect(openai({ client }).list({ since: 0 }, context));
    expect(jobs).toHaveLength(200);
    const queries = server.requests.map(({ query }) => query);
    expect(queries).toEqual(["?limit=100", "?limit=100&cursor=c1"]);
  });

  it("proves nothing where its cursor leads nowhere", async () => {
    const stuck = { data: page(0, 9).data, paging: { next_cursor: "c1" } };
    expect((await errorOf(listed(stuck, stuck))).code).toBe("incomplete_listing");
  });

  it.each([0, 1, 99, 101, 250])("is whole where it is a bare one of %i", async (count) => {
    expect(await listed(page(0, count).data)).toHaveLength(count);
  });

  it("proves nothing where a bare one is as long as a page may be", async () => {
    const bare = page(0, 100).data;
    expect((await errorOf(listed(bare, bare))).code).toBe("incomplete_listing");
  });

  it.each([400, 404, 405, 501])("proves nothing where there is none: %i", async (status) => {
    const { server, client } = await openHarness();
    const error = { message: "There is no such thing." };
    server.failNext(lists, { kind: "status", status, body: { error } });
    const thrown = await errorOf(collect(openai({ client }).list({ since: 0 }, context)));
    expect(thrown.code).toBe("incomplete_listing");
    expect(thrown.message).toContain("does not show its list of batches");
  });

  it("proves nothing where it promises more after an empty page", async () => {
    const error = await errorOf(listed(page(0, 0, true)));
    expect(error.code).toBe("incomplete_listing");
  });

  it.each([
    { data: [{ status: "completed" }] },
    { data: [{ id: "", status: "completed" }] },
    { data: [...page(0, 3).data, null] },
    [{ status: "completed" }],
  ])("proves nothing where jobs have no id: %j", async (nameless) => {
    const error = await errorOf(listed(nameless));
    expect(error.code).toBe("incomplete_listing");
  });

  it("proves nothing where it does not go on after a job, but shows what it has", async () => {
    const { server, client } = await openHarness();
    server.failNext(lists, { kind: "status", status: 200, body: page(0, 100, true) });
    const error = { message: "invalid after parameter: must be an integer" };
    server.failNext(lists, { kind: "status", status: 400, body: { error } });
    const shown: Job[] = [];
    const thrown = await errorOf(
      (async () => {
        for await (const job of openai({ client }).list({ since: 0 }, context)) shown.push(job);
      })(),
    );
    expect(shown).toHaveLength(100);
    expect(thrown.code).toBe("incomplete_listing");
    expect(thrown.message).toContain("the rest of its list");
  });

  it("proves nothing where it begins anew for every page", async () => {
    const error = await errorOf(listed(page(0, 100, true), page(0, 100, true)));
    expect(error.code).toBe("incomplete_listing");
  });
});
