import type { HttpFault } from "@langbatch/testing";
import type OpenAI from "openai";
import type { ClientOptions } from "openai";
import { describe, expect, it } from "vitest";
import { openai } from "../src/index.js";
import { collect } from "./support/collect.js";
import { errorOf } from "./support/error-of.js";
import { openHarness } from "./support/open-harness.js";
import { context, shard } from "./support/provider-input.js";
import { creates, uploads } from "./support/requests.js";
import { sdkVersions } from "./support/sdk-versions.js";

const accounts = {
  "sk-a": { organization: "first", project: "proj_1" },
  "sk-b": { organization: "second" },
};
/** The client's own names, which are not those of the answers. */
const named = { organization: "org-1", project: "team/proj_9" };

describe.each(sdkVersions)("the account, with %s", (_, connect) => {
  async function open(options: ClientOptions = {}) {
    const { server } = await openHarness({ accounts });
    const client = connect({ apiKey: "sk-a", baseURL: server.url, maxRetries: 0, ...options });
    const provider = openai({ client });
    const { host } = new URL(server.url);
    return { server, provider, host, account: () => provider.account?.(context) };
  }

  /** A provider whose service answers each request with the next of these headers. */
  function answered(baseURL: string, ...headers: readonly Record<string, string>[]) {
    let answers = 0;
    const fetch = async () => {
      const next = headers[answers] ?? {};
      answers += 1;
      return Response.json({ data: [], has_more: false }, { headers: next });
    };
    const provider = openai({ client: connect({ apiKey: "sk-a", baseURL, fetch, ...named }) });
    const ask = async () => {
      await collect(provider.list({ since: 0 }, context));
      return provider.account?.(context);
    };
    return { provider, ask };
  }

  it("is only the host before the service has answered, which is not asked for it", async () => {
    const { server, host, account } = await open(named);
    expect(await account()).toBe(host);
    expect(server.requests).toEqual([]);
  });

  it("is what the service says with the upload, not what the client's options say", async () => {
    const { host, provider, account } = await open(named);
    await provider.upload?.(shard(), context);
    expect(await account()).toBe(`${host}/first/proj_1`);
  });

  it.each(["sk-a", "sk-b"] as const)("is the one of each of its jobs: %s", async (apiKey) => {
    const { server, host, provider, account } = await open({ apiKey });
    const uploaded = await provider.upload?.(shard(), context);
    const created = await provider.create(shard(), uploaded, context);
    const own = apiKey === "sk-a" ? `${host}/first/proj_1` : `${host}/second`;
    for (const fresh of [provider, openai({ client: connect({ apiKey, baseURL: server.url }) })]) {
      const got = await collect(fresh.get([created.id], context));
      const listed = await collect(fresh.list({ since: 0 }, context));
      expect([created, ...got, ...listed].map((job) => job.account)).toEqual([own, own, own]);
    }
    expect(await account()).toBe(own);
  });

  it("is said, too, with a list without jobs", async () => {
    const { host, provider, account } = await open();
    expect(await collect(provider.list({ since: 0 }, context))).toEqual([]);
    expect(await account()).toBe(`${host}/first/proj_1`);
  });

  it("is said, too, where a job is not found", async () => {
    const { host, provider, account } = await open({ apiKey: "sk-b" });
    expect(await collect(provider.get(["batch_0"], context))).toEqual([]);
    expect(await account()).toBe(`${host}/second`);
  });

  it("is said, too, where a create is refused", async () => {
    const { host, provider, account } = await open();
    const refused = provider.create(shard(), { id: "file-0" }, context);
    expect((await errorOf(refused)).code).toBe("rejected");
    expect(await account()).toBe(`${host}/first/proj_1`);
  });

  it("is said, too, with an answer to a create that is cut", async () => {
    const { server, host, provider } = await open();
    const uploaded = await provider.upload?.(shard(), context);
    const fresh = openai({ client: connect({ apiKey: "sk-a", baseURL: server.url }) });
    server.failNext(creates, { kind: "cut", bytes: 10 });
    await errorOf(fresh.create(shard(), uploaded, context));
    expect(await fresh.account?.(context)).toBe(`${host}/first/proj_1`);
  });

  it("is in the client's options where the service has answered and named nobody", async () => {
    const { ask } = answered("https://batches.example.com/v1");
    expect(await ask()).toBe("batches.example.com/org-1/team%2Fproj_9");
  });

  it.each<readonly [what: string, fault: HttpFault]>([
    ["a page", { kind: "status", status: 200, body: "<html></html>" }],
    ["a failing gateway", { kind: "status", status: 502, body: "<html></html>" }],
  ])("is only the host where what answered is not the service: %s", async (_, fault) => {
    const { server, host, provider, account } = await open(named);
    server.failNext(uploads, fault);
    await errorOf(provider.upload?.(shard(), context));
    expect(await account()).toBe(host);
  });

  it.each(["api.openai.com", "eu.api.openai.com"])(
    "is never in the client's options at OpenAI itself: %s",
    async (host) => {
      const said = { "openai-organization": "first" };
      const { ask } = answered(`https://${host}/v1`, {}, said);
      expect(await ask()).toBe(host);
      expect(await ask()).toBe(`${host}/first`);
    },
  );

  it("keeps a project that not every answer names, and not that of another", async () => {
    const first = { "openai-organization": "first" };
    const project = { "openai-project": "proj_1" };
    const second = { "openai-organization": "second" };
    const headers = [project, first, { ...first, ...project }, first, {}, second];
    const { ask } = answered("https://api.openai.com/v1", ...headers);
    const names: unknown[] = [];
    for (const _ of headers) names.push(await ask());
    const whole = "api.openai.com/first/proj_1";
    const host = "api.openai.com";
    expect(names).toEqual([host, `${host}/first`, whole, whole, whole, `${host}/second`]);
  });
});

describe("the account of a client without a key", () => {
  it("is asked for in vain", async () => {
    const client = { baseURL: "localhost" } as OpenAI;
    expect((await errorOf(openai({ client }).account?.(context))).code).toBe("invalid_option");
  });
});
