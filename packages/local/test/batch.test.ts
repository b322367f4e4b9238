import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChatCompletions, LangBatchError, type Storage } from "@langbatch/core";
import { fileStorage } from "@langbatch/storage-file";
import OpenAI from "openai";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  LocalChatCompletionBatch,
  LocalEmbeddingBatch,
  type LocalOptions,
  LocalResponsesBatch,
} from "../src/index.js";
import { type ModelServer, startModelServer } from "./support/model-server.js";

const ids = [..."abcdefghij"];
const wait = { pollIntervalMs: 10 } as const;

interface Harness {
  readonly server: ModelServer;
  readonly storage: Storage;
  readonly input: string;
  readonly folder: string;
  readonly options: {
    readonly storage: Storage;
    readonly batchKwargs: LocalOptions<ChatCompletions>;
  };
}

async function open(kwargs: LocalOptions<ChatCompletions> = {}): Promise<Harness> {
  const folder = await mkdtemp(join(tmpdir(), "langbatch-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const server = await startModelServer();
  onTestFinished(() => server.close());
  const input = join(folder, "input.jsonl");
  const lines = ids.map((id) => ({
    ...{ custom_id: id, method: "POST", url: "/v1/chat/completions" },
    body: { model: "m", messages: [{ role: "user", content: `question ${id}` }] },
  }));
  await writeFile(input, lines.map((line) => JSON.stringify(line)).join("\n"));
  const storage = fileStorage(join(folder, "state"));
  const batchKwargs = { baseURL: server.baseURL, ...kwargs };
  return { server, storage, input, folder, options: { storage, batchKwargs } };
}

function texts({ asked }: ModelServer): string[] {
  return asked.map(({ text }) => text.replace("question ", "")).sort();
}

describe("a batch that this process runs", () => {
  it("goes from the file to results in input order, and each request is asked once", async () => {
    const { server, input, options, folder } = await open();
    const batch = new LocalChatCompletionBatch(input, options);
    await batch.start();
    expect(server.asked).toEqual([]);
    expect(await batch.wait(wait)).toBe("completed");
    const { successful, unsuccessful } = await batch.getResults();
    expect(unsuccessful).toEqual([]);
    expect(successful.map(({ custom_id }) => custom_id)).toEqual(ids);
    expect(successful[2]?.choices[0]?.message.content).toBe("You said: question c");
    expect(texts(server)).toEqual(ids);
    const path = await batch.getResultsFile({ path: join(folder, "results.jsonl") });
    expect((await readFile(path, "utf8")).trim().split("\n")).toHaveLength(ids.length);
  });

  it("reports tokens, latencies and throughput, also when another process asks later", async () => {
    const { input, options } = await open();
    const batch = new LocalChatCompletionBatch(input, options);
    await batch.start();
    await batch.wait(wait);
    const later = await LocalChatCompletionBatch.load(batch.id, { storage: options.storage });
    const [shard] = (await later.getProgress()).shards;
    expect(shard?.report).toMatchObject({
      usage: { promptTokens: 30, completionTokens: 40, totalTokens: 70 },
      latencyMs: { p50: expect.any(Number), p99: expect.any(Number) },
      requestsPerSecond: expect.any(Number),
      ...{ sent: ids.length, rateLimited: 0, retried: 0 },
    });
  });

  it("keeps its key to itself", async () => {
    const apiKey = "sk-canary-5d1f0a";
    const { server, storage, input, options } = await open({ apiKey });
    server.intervene = ({ authorization }) => ({
      status: 400,
      body: { error: { message: `Who is ${authorization}?`, code: "bad_request" } },
    });
    const batch = new LocalChatCompletionBatch(input, options);
    await batch.start();
    await batch.wait(wait);
    expect(server.asked[0]?.authorization).toBe(`Bearer ${apiKey}`);
    let stored = JSON.stringify(await batch.getResults());
    for await (const key of storage.list("")) {
      stored += String((await storage.readRecord(key))?.value ?? "");
      if (!key.startsWith("blobs/")) continue;
      for await (const chunk of storage.readBlob(key)) stored += Buffer.from(chunk).toString();
    }
    expect(stored).not.toContain(apiKey);
  });

  it("stops after a few where the key is wrong, loses nothing, and goes on with the right one", async () => {
    const { server, input, options } = await open();
    server.intervene = ({ authorization }) =>
      authorization === "Bearer right"
        ? undefined
        : { status: 401, body: { error: { message: "No such key.", code: "invalid_api_key" } } };
    const batch = new LocalChatCompletionBatch(input, options);
    await batch.start();
    const error: unknown = await batch.wait(wait).catch((reason: unknown) => reason);
    expect(LangBatchError.is(error, "rejected")).toBe(true);
    expect(String(error)).toContain("No such key.");
    expect(server.asked.length).toBeLessThan(ids.length);
    const batchKwargs = { ...options.batchKwargs, apiKey: "right" };
    const again = await LocalChatCompletionBatch.load(batch.id, { ...options, batchKwargs });
    expect(await again.wait(wait)).toBe("completed");
    expect((await again.getResults()).successful).toHaveLength(ids.length);
  });

  it("asks again by retry what failed, and nothing else", async () => {
    const { server, input, options } = await open();
    let isBroken = true;
    server.intervene = ({ text }) =>
      isBroken && text === "question d"
        ? { status: 400, body: { error: { message: "Too hard.", code: "too_hard" } } }
        : undefined;
    const batch = new LocalChatCompletionBatch(input, options);
    await batch.start();
    await batch.wait(wait);
    expect((await batch.getResults()).unsuccessful).toMatchObject([
      { custom_id: "d", error: { code: "too_hard" }, response: { status_code: 400 } },
    ]);
    isBroken = false;
    await batch.retry();
    expect(await batch.wait(wait)).toBe("completed");
    expect((await batch.getResults()).successful).toHaveLength(ids.length);
    expect(texts(server)).toEqual([..."abcddefghij"]);
  });

  it("is cancelled by another object, and what was answered comes home", async () => {
    const { server, input, options } = await open({ concurrency: 1, timeoutMs: 60_000 });
    const batch = new LocalChatCompletionBatch(input, { ...options, leaseMs: 300 });
    await batch.start();
    const other = await LocalChatCompletionBatch.load(batch.id, options);
    server.intervene = ({ text }) => {
      if (text !== "question c") return undefined;
      void other.cancel();
      return "hang";
    };
    const waiting = batch.wait(wait);
    expect(await waiting).toBe("cancelled");
    const { successful, unsuccessful } = await batch.getResults();
    expect(successful.map(({ custom_id }) => custom_id)).toEqual(["a", "b"]);
    expect(unsuccessful[0]?.error.code).toBe("batch_cancelled");
    expect(texts(server)).toEqual(["a", "b", "c"]);
  }, 60_000);

  it("says at start that nobody is named who answers, and reads results without anybody", async () => {
    const { input, storage, options } = await open();
    const nobody = new LocalChatCompletionBatch(input, { storage });
    await expect(nobody.start()).rejects.toMatchObject({ code: "missing_setting" });
    const batch = new LocalChatCompletionBatch(input, options);
    await batch.start();
    await batch.wait(wait);
    const reader = await LocalChatCompletionBatch.load(batch.id, { storage });
    expect((await reader.getResults()).successful).toHaveLength(ids.length);
  });
});

describe("who answers", () => {
  it("is a ready client of npm openai", async () => {
    const { server, input, storage } = await open();
    const client = new OpenAI({ baseURL: server.baseURL, apiKey: "of-the-client" });
    const batch = new LocalChatCompletionBatch(input, { storage, batchKwargs: { client } });
    await batch.start();
    expect(await batch.wait(wait)).toBe("completed");
    expect(server.asked[0]?.authorization).toBe("Bearer of-the-client");
  });

  it("is a function, which gets the request and says the body of the answer", async () => {
    const { storage } = await open();
    const batch = await LocalEmbeddingBatch.create(["one", "three"], {
      storage,
      requestKwargs: { model: "lengths" },
      batchKwargs: {
        handler: ({ body }) => ({
          ...{ object: "list", model: body.model },
          data: [{ object: "embedding", index: 0, embedding: [String(body.input).length] }],
        }),
      },
    });
    await batch.start();
    await batch.wait(wait);
    const { successful } = await batch.getResults();
    expect(successful.map(({ embedding }) => embedding)).toEqual([[3], [5]]);
  });

  it("is a function that fails: the request has its words for a result", async () => {
    const { storage } = await open();
    const batch = await LocalResponsesBatch.create(["one"], {
      storage,
      requestKwargs: { model: "none" },
      batchKwargs: {
        handler() {
          throw new TypeError("The model is not loaded.");
        },
      },
    });
    await batch.start();
    expect(await batch.wait(wait)).toBe("completed");
    expect((await batch.getResults()).unsuccessful[0]?.error).toEqual({
      code: "handler_failed",
      message: "The model is not loaded.",
    });
  });
});
