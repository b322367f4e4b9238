import { LangBatchError } from "@langbatch/core";
import { type FakeAnthropicOptions, startFakeAnthropic } from "@langbatch/testing/fake-anthropic";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { AnthropicChatCompletionBatch, anthropic } from "../src/index.js";
import { errorOf } from "./support/error-of.js";
import { chatLine, openAnthropic } from "./support/open-anthropic.js";
import { collect, context, shard } from "./support/provider-input.js";

afterEach(() => {
  vi.unstubAllEnvs();
});

const creates = { method: "POST", path: /\/batches$/ };
const dayMs = 86_400_000;

async function open(options: FakeAnthropicOptions = {}) {
  const server = await startFakeAnthropic({ apiKey: "sk-ant-canary", ...options });
  onTestFinished(() => server.close());
  return { server, provider: anthropic({ apiKey: "sk-ant-canary", baseURL: server.url }) };
}

describe("the key", () => {
  it("is missed at the first call, and not before", async () => {
    vi.stubEnv("ANTHROPIC_API_KEY", undefined);
    vi.stubEnv("ANTHROPIC_AUTH_TOKEN", undefined);
    const provider = anthropic();
    expect((await provider.traits(context)).maxRequests).toBe(100_000);
    const error = await errorOf(collect(provider.get(["msgbatch_1"], context)));
    expect(error).toMatchObject({ code: "missing_setting", provider: "anthropic" });
    expect(error.message).toContain("ANTHROPIC_API_KEY");
  });

  it("and the address come from the environment where no option gives them", async () => {
    const { server } = await open();
    vi.stubEnv("ANTHROPIC_API_KEY", "sk-ant-canary");
    vi.stubEnv("ANTHROPIC_BASE_URL", server.url);
    await anthropic().create(shard(), undefined, context);
    expect(server.jobs).toHaveLength(1);
  });

  it("comes from the option first, also before a token", async () => {
    const { server } = await open();
    vi.stubEnv("ANTHROPIC_API_KEY", "sk-ant-another");
    vi.stubEnv("ANTHROPIC_AUTH_TOKEN", "a-token");
    const provider = anthropic({ apiKey: "sk-ant-canary", baseURL: server.url });
    await provider.create(shard(), undefined, context);
    expect(server.jobs).toHaveLength(1);
    expect(JSON.stringify(server.requests.at(-1)?.headers)).not.toContain("a-token");
  });

  it("may be a token in the environment", async () => {
    const { server } = await open();
    vi.stubEnv("ANTHROPIC_API_KEY", undefined);
    vi.stubEnv("ANTHROPIC_AUTH_TOKEN", "sk-ant-canary");
    await anthropic({ baseURL: server.url }).create(shard(), undefined, context);
    expect(server.requests.at(-1)?.headers.authorization).toBe("Bearer sk-ant-canary");
  });

  it.each([
    ["a line break in it", "sk-ant-canary\nsk-other"],
    ["a letter that no header takes", "sk-ant-canary…"],
  ])("is not shown where it cannot be sent because of %s", async (_, apiKey) => {
    const provider = anthropic({ apiKey, baseURL: "http://127.0.0.1:9" });
    const error = await errorOf(provider.create(shard(), undefined, context));
    expect(error.code).toBe("invalid_option");
    expect(`${error} ${error.cause}`).not.toContain("canary");
  });

  it("is told to be wrong before the requests are sent with it", async () => {
    const { server, options, file } = await openAnthropic();
    const batchKwargs = { baseURL: server.url, apiKey: "sk-ant-wrong" };
    const path = await file(chatLine("a"));
    const batch = new AnthropicChatCompletionBatch(path, { ...options, batchKwargs });
    const error = await errorOf(batch.start());
    expect(error).toMatchObject({ code: "rejected", status: 401 });
    expect(error.message).toContain("ANTHROPIC_API_KEY");
    expect(String(error)).not.toContain("sk-ant-wrong");
    expect(server.requests.filter(({ method }) => method === "POST")).toEqual([]);
  });
});

describe("the address", () => {
  it("is named where it is none", async () => {
    const provider = anthropic({ apiKey: "k", baseURL: "api.anthropic.com" });
    const error = await errorOf(provider.create(shard(), undefined, context));
    expect(error.message).toContain('"api.anthropic.com", which is no address');
  });

  it("to use instead is named where it redirects, and nothing is sent there", async () => {
    const { server, options, file } = await openAnthropic();
    const location = "https://elsewhere.example/api/v1/messages/batches?limit=1";
    server.failNext({}, { kind: "redirect", location }, Number.POSITIVE_INFINITY);
    const batch = new AnthropicChatCompletionBatch(await file(chatLine("a")), options);
    const error = await errorOf(batch.start());
    expect(error).toMatchObject({ code: "rejected" });
    expect(error.message).toContain("Use https://elsewhere.example/api as `baseURL`");
    expect(server.requests.filter(({ method }) => method === "POST")).toEqual([]);
  });
});

describe("the account", () => {
  const workspaces = {
    "sk-ant-one": { organization: "org-1", workspace: "wrkspc_1" },
    "sk-ant-other": { organization: "org-1", workspace: "wrkspc_2" },
  };

  it("is host and organisation, as the first answer names it", async () => {
    const server = await startFakeAnthropic({ workspaces });
    onTestFinished(() => server.close());
    const provider = anthropic({ apiKey: "sk-ant-one", baseURL: server.url });
    const host = new URL(server.url).host;
    expect(await provider.account?.(context)).toMatch(new RegExp(`^${host}/org-1`));
    const { account } = await provider.create(shard(), undefined, context);
    expect(account).toMatch(new RegExp(`^${host}/org-1`));
    // The organisation is asked for once.
    await provider.account?.(context);
    expect(server.requests.filter(({ query }) => query === "?limit=1")).toHaveLength(1);
  });

  it("is only the beginning where nothing answers", async () => {
    const provider = anthropic({ apiKey: "k", baseURL: "http://127.0.0.1:9" });
    expect(await provider.account?.(context)).toBe("127.0.0.1:9");
  });
});

describe("a create", () => {
  it("is one request with its length, whatever comes of it", async () => {
    const { server, provider } = await open();
    const input = shard(100);
    server.failNext(creates, { kind: "status", status: 500 });
    const error = await errorOf(provider.create(input, undefined, context));
    expect(error).toMatchObject({ code: "provider_failed", retryable: true, status: 500 });
    const [sent, ...others] = server.requests;
    expect(others).toEqual([]);
    expect(sent?.headers["content-length"]).toBe(String(input.data.size));
    expect(sent?.headers["content-type"]).toBe("application/json");
  });

  it("that is too large says what to do", async () => {
    const { provider } = await open({ maxBytes: 100 });
    const error = await errorOf(provider.create(shard(), undefined, context));
    expect(error).toMatchObject({ code: "rejected", status: 413 });
    expect(error.message).toContain("`maxBytesPerJob`");
  });

  it.each([
    ["the minute", { createsPerMinute: 1 }],
    ["the queue", { maxQueuedRequests: 3 }],
  ])("waits for room where %s is full, and is sent again", async (_, limits) => {
    const { server, options, file } = await openAnthropic(limits);
    const path = await file(chatLine("a"), chatLine("b"), chatLine("c"), chatLine("d"));
    const batch = new AnthropicChatCompletionBatch(path, { ...options, maxRequestsPerJob: 2 });
    await batch.start();
    expect(server.jobs).toHaveLength(1);
    expect(await batch.wait()).toBe("completed");
    expect((await batch.getResults()).successful).toHaveLength(4);
    expect(server.jobs).toHaveLength(2);
  });

  it("says how long the service wants it to wait", async () => {
    const { provider } = await open({ createsPerMinute: 1 });
    await provider.create(shard(), undefined, context);
    const error = await errorOf(provider.create(shard(), undefined, context));
    expect(error.code).toBe("quota");
    expect(error.retryAfterMs).toBeGreaterThan(0);
  });

  it.each([
    ["a page of a gateway", { status: 400, body: "<html>Bad gateway</html>" }],
    ["another service's envelope", { status: 404, body: { detail: "Not Found" } }],
    ["a conflict", { status: 409, body: undefined }],
  ])("that is answered with %s may have been taken", async (_, { status, body }) => {
    const { server, provider } = await open();
    server.failNext(creates, { kind: "status", status, ...(body !== undefined && { body }) });
    const error = await errorOf(provider.create(shard(), undefined, context));
    expect(error).toMatchObject({ code: "provider_failed", retryable: true, status });
    expect(error.answer).toBeDefined();
  });

  it("that is answered with half a batch may have been taken", async () => {
    const { server, provider } = await open();
    server.failNext(creates, { kind: "cut", bytes: 30 });
    const error = await errorOf(provider.create(shard(), undefined, context));
    expect(error).toMatchObject({ code: "provider_failed", retryable: true });
    expect(error.answer).toContain("msgbatch_");
  });

  it("shows no key that an answer repeats", async () => {
    const { server, provider } = await open();
    const body = {
      type: "error",
      error: { type: "api_error", message: "x-api-key: sk-ant-canary" },
    };
    server.failNext(creates, { kind: "status", status: 500, body });
    const error = await errorOf(provider.create(shard(), undefined, context));
    expect(`${error} ${error.answer}`).not.toContain("canary");
  });

  it("whose host takes no connection is refused, and may be sent again", async () => {
    const server = await startFakeAnthropic();
    await server.close();
    const provider = anthropic({ apiKey: "k", baseURL: server.url });
    const error = await errorOf(provider.create(shard(), undefined, context));
    expect(error).toMatchObject({ code: "rejected", retryable: true });
  });
});

describe("the list", () => {
  it("is read page by page, and no further than it must", async () => {
    const { server, provider } = await open();
    for (let count = 0; count < 3; count += 1) {
      server.clock.advance(dayMs);
      await provider.create(shard(), undefined, context);
    }
    const since = server.jobs[1]?.createdAt ?? 0;
    const jobs = await collect(provider.list({ since }, context));
    expect(jobs.map(({ id }) => id).slice(0, 2)).toEqual([server.jobs[2]?.id, server.jobs[1]?.id]);
    expect(jobs[0]).toMatchObject({ requests: 2, status: "in_progress" });
    expect(jobs[0]).not.toHaveProperty("counts");
  });

  it.each([404, 405, 501])(
    "that answers %i is none, so that nothing is proved by it",
    async (status) => {
      const { server, provider } = await open();
      server.failNext({ method: "GET" }, { kind: "status", status }, Number.POSITIVE_INFINITY);
      const error = await errorOf(collect(provider.list({ since: 0 }, context)));
      expect(error).toMatchObject({ code: "incomplete_listing", retryable: true });
      expect(error.message).toContain("does not show its list of batches");
    },
  );

  it.each([
    ["is none", { status: 200, body: {} }],
    ["holds what has no id", { status: 200, body: { data: [{}], has_more: false } }],
    ["promises more, and names nothing", { status: 200, body: { data: [], has_more: true } }],
  ])("is incomplete where a page %s", async (_, answer) => {
    const { server, provider } = await open();
    server.failNext({ method: "GET" }, { kind: "status", ...answer });
    const error = await errorOf(collect(provider.list({ since: 0 }, context)));
    expect(error.code).toBe("incomplete_listing");
  });
});

describe("what has ended", () => {
  it("says how it ended, what was counted, and until when its results are there", async () => {
    const { server, provider } = await open({
      answer: ({ index }) => (index === 0 ? { kind: "succeed" } : { kind: "error" }),
    });
    const { id, createdAt } = await provider.create(shard(), undefined, context);
    server.clock.advance(dayMs);
    const [job] = await collect(provider.get([id], context));
    expect(job).toMatchObject({
      status: "completed",
      rawStatus: "ended",
      requests: 2,
      counts: { total: 2, completed: 1, failed: 1 },
      collectBy: createdAt + 29 * dayMs,
    });
  });

  it("brings nothing once its results are gone, and says so", async () => {
    const { server, provider } = await open();
    const { id } = await provider.create(shard(), undefined, context);
    server.clock.advance(30 * dayMs);
    const [job] = await collect(provider.get([id], context));
    if (!job) throw new Error("The batch is not shown.");
    expect(job.detail).toEqual({ archived: true });
    expect(await collect(provider.results(job, context))).toEqual([]);
  });

  it("is asked for again where its results answer 404 for a moment", async () => {
    const { server, provider } = await open();
    server.failJob({ kind: "results-missing", ms: 60_000 });
    const { id } = await provider.create(shard(), undefined, context);
    server.clock.advance(11_000);
    const [job] = await collect(provider.get([id], context));
    if (!job) throw new Error("The batch is not shown.");
    const error = await errorOf(collect(provider.results(job, context)));
    expect(error).toMatchObject({ code: "provider_failed", retryable: true, status: 404 });
    server.clock.advance(dayMs);
    expect(await collect(provider.results(job, context))).not.toEqual([]);
  });
});

describe("an endpoint that Claude has no batches for", () => {
  it("is named, with those it has", async () => {
    const { provider } = await open();
    const error = await errorOf(provider.traits({ endpoint: "/v1/embeddings" }));
    expect(error.code).toBe("invalid_option");
    expect(error.message).toContain("/v1/chat/completions and /v1/messages");
    expect(LangBatchError.is(error)).toBe(true);
  });
});
