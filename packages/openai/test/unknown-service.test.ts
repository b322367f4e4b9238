import OpenAI from "openai";
import { afterEach, describe, expect, it, vi } from "vitest";
import { knownServices, OpenAIChatCompletionBatch, openai } from "../src/index.js";
import { chatLine, openHarness } from "./support/open-harness.js";

const chat = { endpoint: "/v1/chat/completions" };

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a service of which nobody knows whether it keeps metadata", () => {
  const lists = { method: "GET", path: /\/batches$/ };

  async function recoveryWith(body: unknown, status = 200) {
    const { server, client } = await openHarness();
    server.failNext(lists, { kind: "status", status, body: body as object });
    const provider = openai({ client });
    const { recovery } = await provider.traits(chat);
    return { recovery, provider, server };
  }

  it.each([
    ["search", "there are no jobs yet", { data: [] }],
    ["search", "a job shows its input", { data: [{ id: "b", status: "x", input_file_id: "f" }] }],
    [
      "search",
      "a job shows our tag",
      {
        data: [
          { id: "a", status: "x" },
          { id: "b", status: "x", metadata: { langbatch: "lb-1" } },
        ],
      },
    ],
    [
      "content",
      "its jobs show neither",
      { data: [{ id: "b", status: "x", metadata: { a: "b" } }] },
    ],
  ])("%s: %s", async (recovery, _why, body) => {
    expect((await recoveryWith(body)).recovery).toBe(recovery);
  });

  it.each([
    ["shows its jobs", 200, { data: [{ id: "b", status: "x" }] }],
    ["has none", 200, { data: [] }],
    ["does not answer", 503, {}],
  ])("is asked once, where it %s, too", async (_what, status, body) => {
    const { provider, server } = await recoveryWith(body, status);
    await Promise.all([provider.traits(chat), provider.traits(chat)]);
    expect(server.requests).toHaveLength(1);
  });

  it("cannot be searched where it has no list", async () => {
    const error = { error: { message: "There is no such page." } };
    expect((await recoveryWith(error, 404)).recovery).toBe("content");
  });

  it("is nothing to wait for where the network is away, or there is no key", async () => {
    vi.stubEnv("OPENAI_API_KEY", "");
    const away = openai({
      client: new OpenAI({ apiKey: "sk-test", baseURL: "http://127.0.0.1:9/v1" }),
    });
    expect((await away.traits(chat)).recovery).toBe("search");
    const keyless = openai({ baseURL: "http://127.0.0.1:9/v1" });
    expect((await keyless.traits(chat)).recovery).toBe("search");
  });

  it.each([
    ["siliconflow", "siliconflow"],
    [{ ...knownServices.unknown.profile, name: "My gateway" }, "unknown"],
  ] as const)("names its own profile where it minds metadata: %j", async (service, name) => {
    const { server, client, file, options } = await openHarness();
    server.failNext(
      { method: "POST", path: /\/batches$/ },
      { kind: "status", status: 400, body: { error: "Extra field: metadata." } },
    );
    const batch = new OpenAIChatCompletionBatch(await file(chatLine("a")), {
      ...options,
      batchKwargs: { client, service },
    });
    const refused: unknown = await batch.start().catch((reason: unknown) => reason);
    expect(refused).toMatchObject({
      message: expect.stringContaining(`...knownServices.${name}.profile, keepsMetadata: false`),
    });
  });

  it("says what to do where it minds metadata, and does without once it is told", async () => {
    const { server, client, file, options } = await openHarness();
    const path = await file(chatLine("a"));
    server.failNext(
      { method: "POST", path: /\/batches$/ },
      {
        kind: "status",
        status: 400,
        body: { error: { message: "Unknown parameter: 'metadata'.", code: "unknown_parameter" } },
      },
    );
    const batch = new OpenAIChatCompletionBatch(path, options);
    const refused: unknown = await batch.start().catch((reason: unknown) => reason);
    expect(refused).toMatchObject({
      code: "rejected",
      message: expect.stringContaining("keepsMetadata: false"),
    });
    const service = { ...knownServices.unknown.profile, keepsMetadata: false };
    const other = new OpenAIChatCompletionBatch(path, {
      ...options,
      batchKwargs: { client, service },
    });
    await other.start();
    expect(server.jobs[0]?.metadata).toEqual({});
    await other.wait();
    expect((await other.getResults()).successful).toHaveLength(1);
  });
});

describe("a create whose answer is lost", () => {
  const creates = { method: "POST", path: /\/batches$/ };

  it("is found by its input where the service keeps no metadata, and paid once", async () => {
    const { server, client, file, options } = await openHarness();
    const service = { ...knownServices.unknown.profile, keepsMetadata: false };
    server.failNext(creates, { kind: "reset-after" });
    const batch = new OpenAIChatCompletionBatch(await file(chatLine("a")), {
      ...options,
      batchKwargs: { client, service },
    });
    await batch.start();
    await batch.wait();
    expect(server.jobs).toHaveLength(1);
    expect((await batch.getResults()).successful).toHaveLength(1);
  });

  it("is not repeated where the service has no list to look for it in, and a person is told", async () => {
    const { server, file, options } = await openHarness();
    const error = { message: "There is no such page." };
    const missing = { kind: "status", status: 404, body: { error } } as const;
    server.failNext({ method: "GET", path: /\/batches$/ }, missing, Number.POSITIVE_INFINITY);
    server.failNext(creates, { kind: "reset-after" });
    const batch = new OpenAIChatCompletionBatch(await file(chatLine("a")), {
      ...options,
      onAmbiguous: "fail",
    });
    const started: unknown = await batch.start().catch((reason: unknown) => reason);
    expect(started).toMatchObject({
      code: "ambiguous",
      message: expect.stringContaining("This service does not show its list of batches"),
    });
    expect(server.jobs).toHaveLength(1);
  });
});
