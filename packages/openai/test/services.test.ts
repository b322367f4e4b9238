import { LangBatchError, memoryStorage } from "@langbatch/core";
import OpenAI from "openai";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  knownServices,
  OpenAIChatCompletionBatch,
  OpenAIEmbeddingBatch,
  type OpenAIOptions,
  openai,
  type ServiceProfile,
} from "../src/index.js";
import { chatLine, openHarness } from "./support/open-harness.js";

const chat = { endpoint: "/v1/chat/completions" };

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A client of an address that nothing is sent to. */
function clientAt(baseURL: string): OpenAI {
  return new OpenAI({ apiKey: "sk-test", baseURL });
}

async function limitsOf(options: OpenAIOptions): Promise<string> {
  const { maxRequests, maxBytes } = await openai(options).traits(chat);
  return `${maxRequests} ${maxBytes}`;
}

const limits = ({ maxRequests, maxBytes }: ServiceProfile) => `${maxRequests} ${maxBytes}`;

describe("a service", () => {
  it.each([
    ["https://api.openai.com/v1", "openai"],
    ["https://eu.api.openai.com/v1", "openai"],
    ["https://api.groq.com/openai/v1", "groq"],
    ["https://api.together.xyz/v1", "together"],
    ["https://api.deepinfra.com/v1/openai", "deepinfra"],
    ["https://api.parasail.io/v1", "parasail"],
    ["https://api.tokenfactory.nebius.com/v1/", "nebius"],
    ["https://api.doubleword.ai/v1", "doubleword"],
    ["https://api.siliconflow.cn/v1", "siliconflow"],
    ["https://dashscope.aliyuncs.com/compatible-mode/v1", "dashscope"],
    ["https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "dashscope"],
    ["https://api.groq.com.example.org/v1", "unknown"],
    ["https://notapi.groq.com/v1", "unknown"],
    ["http://127.0.0.1:9/v1", "unknown"],
  ] as const)("at %s is %s", async (baseURL, name) => {
    const { profile } = knownServices[name];
    expect(await limitsOf({ baseURL })).toBe(limits(profile));
    if (name !== "unknown")
      expect(await limitsOf({ client: clientAt(baseURL) })).toBe(limits(profile));
  });

  it("is OpenAI where no address is given, and needs no key to be known", async () => {
    vi.stubEnv("OPENAI_API_KEY", "");
    vi.stubEnv("OPENAI_BASE_URL", "");
    expect(await limitsOf({})).toBe(limits(knownServices.openai.profile));
    vi.stubEnv("OPENAI_BASE_URL", "https://api.siliconflow.cn/v1");
    expect(await limitsOf({})).toBe("5000 1000000000");
  });

  it("is what the user says, by its name or by a profile", async () => {
    const client = clientAt("https://gateway.example/v1");
    expect(await limitsOf({ client, service: "siliconflow" })).toBe("5000 1000000000");
    const service = { ...knownServices.groq.profile, maxRequests: 7 };
    expect(await limitsOf({ client, service })).toBe("7 100000000");
  });

  const least = { name: "x", maxRequests: 1, maxBytes: 1, oneModel: true };

  it.each([
    "grok",
    "toString",
    7,
    null,
    {},
    { ...least, maxRequests: 0 },
    { ...least, name: undefined },
    { ...least, keepsMetadata: "no" },
    { ...least, endpoints: "/v1/embeddings" },
    { ...least, completionWindows: ["24h"] },
    { ...least, customIdPattern: "(" },
  ])("is not %j", async (service) => {
    const wrong = openai({ service: service as "groq" }).traits(chat);
    await expect(wrong).rejects.toMatchObject({
      code: "invalid_option",
      message: expect.stringContaining("use one of openai, groq"),
    });
  });

  it("is stored with the batch where it was said, and is the same in the next process", async () => {
    const { options, file, server } = await openHarness();
    const profile: ServiceProfile = { ...knownServices.unknown.profile, maxRequests: 2 };
    const path = await file(chatLine("a"), chatLine("b"), chatLine("c"));
    const batchKwargs = { ...options.batchKwargs, service: profile };
    const batch = new OpenAIChatCompletionBatch(path, { ...options, batchKwargs });
    await batch.save();
    const later = await OpenAIChatCompletionBatch.load(batch.id, options);
    await later.start();
    expect(server.jobs.map(({ requests }) => requests)).toEqual([2, 1]);
    await later.wait();
    expect((await later.getResults()).successful).toHaveLength(3);
  });

  it("gets as many bytes in a job as it takes, and not one more", async () => {
    const { client, options, file, server } = await openHarness();
    const lines = ["a", "b", "c"].map((id) => JSON.stringify(chatLine(id)));
    const two = lines.slice(1).join("\n").length + 1;
    for (const [maxBytes, jobs] of [
      [two, [2, 1]],
      [two - 1, [1, 1, 1]],
    ] as const) {
      const before = server.jobs.length;
      const service = { ...knownServices.unknown.profile, maxBytes };
      const batch = new OpenAIChatCompletionBatch(await file(...lines), {
        ...options,
        batchKwargs: { client, service },
      });
      await batch.start();
      expect(server.jobs.slice(before).map(({ requests }) => requests)).toEqual(jobs);
    }
  });
});

describe("what a service is known not to take is refused before anything is stored", () => {
  async function refusal(work: Promise<unknown>): Promise<LangBatchError> {
    const error: unknown = await work.catch((reason: unknown) => reason);
    if (LangBatchError.is(error)) return error;
    throw error;
  }

  it("an endpoint it has no batches for", async () => {
    const storage = memoryStorage();
    const client = clientAt("https://api.groq.com/openai/v1");
    const error = await refusal(
      OpenAIEmbeddingBatch.create(["a"], {
        storage,
        batchKwargs: { client },
        requestKwargs: { model: "m" },
      }),
    );
    expect(error.code).toBe("invalid_option");
    expect(error.message).toContain("Groq has no batches for /v1/embeddings");
    for await (const key of storage.list("batches/")) expect.fail(`${key} is stored`);
  });

  it.each([
    ["groq", "24h", true],
    ["groq", "7d", true],
    ["groq", "168h", true],
    ["groq", "169h", false],
    ["groq", "23h", false],
    ["groq", "soon", false],
    ["deepinfra", "1d", true],
    ["deepinfra", "2d", false],
    ["dashscope", "336h", true],
    ["doubleword", "background", true],
    ["openai", "anything", true],
  ] as const)(
    "%s with the completion window %s: %s",
    async (service, completionWindow, isTaken) => {
      const asked = openai({ service, completionWindow }).traits(chat);
      if (isTaken) await asked;
      else expect((await refusal(asked)).message).toContain(JSON.stringify(completionWindow));
    },
  );

  it.each([
    ["together", "é".repeat(64), true],
    ["together", "a".repeat(65), false],
    ["doubleword", " ~".repeat(32), true],
    ["doubleword", "a".repeat(65), false],
    ["doubleword", "é", false],
    ["groq", "é".repeat(512), true],
  ] as const)("%s with the custom_id %s: %s", async (service, customId, isTaken) => {
    const { wireId = /^/ } = await openai({ service }).traits(chat);
    expect(wireId.test(customId)).toBe(isTaken);
  });

  it("a line or an id that is too long for it", async () => {
    const { client, file, options, server } = await openHarness();
    const line = JSON.stringify(chatLine("a"));
    const profile = { ...knownServices.unknown.profile, customIdPattern: "^a+$" };
    const start = async (service: ServiceProfile, ...lines: string[]) =>
      new OpenAIChatCompletionBatch(await file(...lines), {
        ...options,
        batchKwargs: { client, service },
      }).start();
    const long = await refusal(start({ ...profile, maxLineBytes: line.length - 1 }, line));
    expect(long.problems).toEqual([expect.objectContaining({ line: 1 })]);
    const wrong = await refusal(start(profile, line, JSON.stringify(chatLine("b"))));
    expect(wrong.problems).toEqual([
      expect.objectContaining({ line: 2, code: "invalid_custom_id" }),
    ]);
    expect(server.jobs).toEqual([]);
    await start({ ...profile, maxLineBytes: line.length }, line);
    expect(server.jobs).toHaveLength(1);
  });

  it("metadata where it keeps none", async () => {
    const options: OpenAIOptions = { service: "together", metadata: { team: "search" } };
    const error = await refusal(openai(options).traits(chat));
    expect(error.message).toBe(
      "`metadata` is given, but Together keeps none with a batch. Leave it out.",
    );
  });
});
