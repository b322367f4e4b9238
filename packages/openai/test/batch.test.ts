import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  OpenAIChatCompletionBatch,
  OpenAICompletionBatch,
  OpenAIEmbeddingBatch,
  OpenAIModerationBatch,
  OpenAIResponsesBatch,
} from "@langbatch/openai";
import { fileStorage } from "@langbatch/storage-file";
import { describe, expect, it } from "vitest";
import { chatLine, openHarness } from "./support/open-harness.js";

const three = [chatLine("a"), chatLine("b"), chatLine("c")];

describe("a batch from a JSONL file", () => {
  it("goes from file to results through the service, and from process to process", async () => {
    const { server, options, file, folder } = await openHarness({
      answer: ({ custom_id }) =>
        custom_id === "b"
          ? { kind: "fail", status: 400, code: "bad", message: "no" }
          : { kind: "succeed" },
    });
    const storage = fileStorage(join(folder, "state"));
    const batch = new OpenAIChatCompletionBatch(await file(...three), { ...options, storage });
    expect(await batch.getStatus()).toBe("created");
    await batch.start();
    expect(await batch.getStatus()).toBe("validating");
    await expect(batch.getResults()).rejects.toMatchObject({ code: "not_ready" });

    const later = await OpenAIChatCompletionBatch.load(batch.id, {
      ...options,
      storage: fileStorage(join(folder, "state")),
    });
    expect(await later.wait()).toBe("completed");
    const { successful, unsuccessful } = await later.getResults();
    expect(successful.map(({ custom_id }) => custom_id)).toEqual(["a", "c"]);
    expect(successful[0]?.choices[0]?.message.content).toEqual(expect.any(String));
    expect(unsuccessful).toMatchObject([{ custom_id: "b", error: { code: "bad", message: "no" } }]);
    expect(server.jobs).toHaveLength(1);

    const path = await later.getResultsFile({ path: join(folder, "out.jsonl") });
    const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).custom_id)).toEqual(["a", "b", "c"]);
  });

  it("sends the user's lines byte for byte, under a name and with metadata that find them again", async () => {
    const { server, options, client, file } = await openHarness();
    const odd = `{ "custom_id":"x\u2028y", "method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-5-mini","seed":12345678901234567890,"messages":[{"role":"user","content":"\u2028"}]}}`;
    const batchKwargs = { client, metadata: { team: "search" } };
    const batch = new OpenAIChatCompletionBatch(await file(odd), { ...options, batchKwargs });
    await batch.start();
    const [job] = server.jobs;
    expect(Buffer.from(await server.inputOf(job?.id ?? "")).toString()).toBe(`${odd}\n`);
    expect(job?.metadata).toEqual({ team: "search", langbatch: expect.stringMatching(/^lb-/) });
    expect(server.files[0]?.name).toBe(`${job?.metadata.langbatch}.jsonl`);
  });

  it("keeps what every process must agree on, and no key, in the storage", async () => {
    const { options, file, storage } = await openHarness();
    const batchKwargs = { ...options.batchKwargs, apiKey: "sk-test-canary", metadata: { a: "1" } };
    const batch = new OpenAIChatCompletionBatch(await file(...three), { ...options, batchKwargs });
    await batch.start();
    await batch.wait();
    let record = "";
    for await (const key of storage.list("")) {
      const stored = await storage.readRecord(key);
      const text = Buffer.from(stored?.value ?? []).toString();
      expect(text).not.toContain("canary");
      if (key.startsWith("batches/")) record = text;
    }
    expect(record).toContain('"settings":{"completionWindow":"24h","metadata":{"a":"1"}}');
  });

  it("sends a short url as the full one", async () => {
    const { server, options, file } = await openHarness();
    const batch = new OpenAIChatCompletionBatch(
      await file({ ...chatLine("a"), url: "/chat/completions" }),
      options,
    );
    await batch.start();
    expect(await batch.wait()).toBe("completed");
    expect(Buffer.from(await server.inputOf(server.jobs[0]?.id ?? "")).toString()).toContain(
      '"url":"/v1/chat/completions"',
    );
  });
});

describe("the named classes", () => {
  const requestKwargs = { model: "test-model" };

  it("bring the answers of their endpoints home", async () => {
    const { options } = await openHarness();
    const kwargs = { ...options, requestKwargs };

    const chat = await OpenAIChatCompletionBatch.create(["hello"], kwargs);
    const embedding = await OpenAIEmbeddingBatch.create(["one", ["two", "three"]], kwargs);
    const response = await OpenAIResponsesBatch.create(["hello"], kwargs);
    const completion = await OpenAICompletionBatch.create(["once upon"], kwargs);
    const moderation = await OpenAIModerationBatch.create(["fine"], kwargs);
    for (const batch of [chat, embedding, response, completion, moderation]) {
      await batch.start();
      expect(await batch.wait()).toBe("completed");
    }

    expect((await chat.getResults()).successful[0]?.choices[0]?.message.role).toBe("assistant");
    const vectors = (await embedding.getResults()).successful;
    expect(vectors[0]?.embedding.length).toBeGreaterThan(0);
    expect(vectors[1]?.embeddings).toHaveLength(2);
    const answer = (await response.getResults()).successful[0];
    expect(answer?.output[0]?.type).toBe("message");
    expect(answer?.output_text).toEqual(expect.any(String));
    expect((await completion.getResults()).successful[0]?.choices[0]?.text).toEqual(
      expect.any(String),
    );
    expect((await moderation.getResults()).successful[0]?.results[0]?.flagged).toBe(false);
  });

  it("refuse a batch of another one", async () => {
    const { options } = await openHarness();
    const { id } = await OpenAIEmbeddingBatch.create(["x"], { ...options, requestKwargs });
    await expect(OpenAIChatCompletionBatch.load(id, options)).rejects.toMatchObject({
      code: "wrong_class",
    });
  });
});
