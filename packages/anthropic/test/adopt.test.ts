import { memoryStorage } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { AnthropicChatCompletionBatch } from "../src/index.js";
import { errorOf } from "./support/error-of.js";
import { type AnthropicHarness, chatLine, openAnthropic } from "./support/open-anthropic.js";

const ids = ["a", "b", "c", "d", "e"];

/** A batch of two jobs that has ended, and whose storage is gone then. */
async function openWithoutStorage(): Promise<AnthropicHarness & { readonly path: string }> {
  const harness = await openAnthropic();
  const path = await harness.file(...ids.map((id) => chatLine(id)));
  const options = { ...harness.options, maxRequestsPerJob: 3 };
  await new AnthropicChatCompletionBatch(path, options).start();
  return { ...harness, path };
}

function adopt(
  { options, server, path }: AnthropicHarness & { readonly path: string },
  job: number,
): Promise<AnthropicChatCompletionBatch> {
  const id = server.jobs[job]?.id ?? "";
  const storage = memoryStorage();
  return AnthropicChatCompletionBatch.adopt(id, { ...options, storage, file: path });
}

async function answersOf(batch: AnthropicChatCompletionBatch) {
  const { successful } = await batch.getResults();
  return successful.map(({ custom_id, choices }) => [custom_id, choices[0]?.message.content]);
}

const answered = (some: readonly string[]) =>
  some.map((id) => [id, expect.stringContaining(`Question ${id}`)]);

describe("a batch whose storage is gone", () => {
  it("is taken over job by job from its whole input, once they have ended", async () => {
    const harness = await openWithoutStorage();
    harness.server.clock.advance(60_000);
    expect(await answersOf(await adopt(harness, 0))).toEqual(answered(["a", "b", "c"]));
    expect(await answersOf(await adopt(harness, 1))).toEqual(answered(["d", "e"]));
    expect(harness.server.jobs).toHaveLength(2);
  });

  it("is refused while a job of a part of it runs: nothing tells yet which part", async () => {
    const error = await errorOf(adopt(await openWithoutStorage(), 1));
    expect(error).toMatchObject({ code: "wrong_input" });
    expect(error.message).toMatch(/has 2 requests, but its input has 5/);
  });

  it("is taken over while it runs where it has one job", async () => {
    const harness = await openAnthropic();
    const path = await harness.file(...ids.map((id) => chatLine(id)));
    await new AnthropicChatCompletionBatch(path, harness.options).start();
    const batch = await adopt({ ...harness, path }, 0);
    expect(await batch.wait()).toBe("completed");
    expect(await answersOf(batch)).toEqual(answered(ids));
  });

  it("gives no request the answer of another one where its results come incomplete", async () => {
    const harness = await openWithoutStorage();
    harness.server.clock.advance(60_000);
    const results = { method: "GET", path: /\/results$/ };
    const batch = await adopt(harness, 1);
    // Only the last lines are lost, which nobody can tell from a job that has fewer.
    harness.server.failNext(results, { kind: "cut", bytes: 800 }, Number.POSITIVE_INFINITY);
    await batch.wait();
    const { successful, unsuccessful } = await batch.getResults();
    for (const { custom_id, choices } of successful) {
      expect(choices[0]?.message.content).toContain(`Question ${custom_id}`);
    }
    expect(successful.length + unsuccessful.length).toBe(2);
  });

  it("has no input for the jobs of its retries", async () => {
    const { server, options, file } = await openAnthropic({
      answer: ({ custom_id }) => ({ kind: /R0N0$/.test(custom_id) ? "error" : "succeed" }),
    });
    const path = await file(chatLine("a"), chatLine("b"));
    const batch = new AnthropicChatCompletionBatch(path, options);
    await batch.start();
    await batch.wait();
    await batch.retry();
    await batch.wait();
    const error = await errorOf(
      AnthropicChatCompletionBatch.adopt(server.jobs[1]?.id ?? "", {
        ...options,
        storage: memoryStorage(),
        file: path,
      }),
    );
    expect(error).toMatchObject({ code: "wrong_input" });
    expect(error.message).toContain("asked again for some requests");
  });
});

describe("a job that another tool has created", () => {
  it("is taken over under the ids that it has", async () => {
    const harness = await openAnthropic();
    const { server, options, file } = harness;
    const params = { model: "claude-sonnet-5-5", max_tokens: 8 };
    const requests = ["a", "b"].map((custom_id) => ({
      custom_id,
      params: { ...params, messages: [{ role: "user", content: `Question ${custom_id}` }] },
    }));
    await fetch(`${server.url}/v1/messages/batches`, {
      method: "POST",
      headers: { "x-api-key": "sk-ant-test", "anthropic-version": "2023-06-01" },
      body: JSON.stringify({ requests }),
    });
    const path = await file(chatLine("a"), chatLine("b"));
    const batch = await AnthropicChatCompletionBatch.adopt(server.jobs[0]?.id ?? "", {
      ...options,
      file: path,
    });
    expect(await batch.wait()).toBe("completed");
    expect(await answersOf(batch)).toEqual(answered(["a", "b"]));
  });

  it("needs its input, which the service does not give back", async () => {
    const { server, options, file } = await openAnthropic();
    await new AnthropicChatCompletionBatch(await file(chatLine("a")), options).start();
    const id = server.jobs[0]?.id ?? "";
    const storage = memoryStorage();
    const error = await errorOf(AnthropicChatCompletionBatch.adopt(id, { ...options, storage }));
    expect(error).toMatchObject({ code: "invalid_option" });
    expect(error.message).toContain("`file`");
  });
});

describe("results that the service is about to delete", () => {
  const dayMs = 86_400_000;

  it("are warned of while nobody has fetched them, once", async () => {
    const { server, options, file, warnings } = await openAnthropic();
    const batch = new AnthropicChatCompletionBatch(await file(chatLine("a")), options);
    await batch.start();
    server.clock.advance(dayMs);
    expect(await batch.getStatus()).toBe("completed");
    expect(warnings).toEqual([]);
    server.clock.advance(22 * dayMs);
    await batch.getStatus();
    await batch.getStatus();
    expect(warnings).toEqual([expect.stringMatching(/keeps them until 2026-01-30T00:00:00.000Z/)]);
    expect((await batch.getResults()).successful).toHaveLength(1);
  });

  it("are said to be lost once they are", async () => {
    const { server, options, file, warnings } = await openAnthropic();
    const batch = new AnthropicChatCompletionBatch(await file(chatLine("a")), options);
    await batch.start();
    server.clock.advance(30 * dayMs);
    await batch.getStatus();
    expect(warnings).toEqual([expect.stringContaining("kept them until")]);
    await batch.wait();
    const { unsuccessful } = await batch.getResults();
    expect(unsuccessful[0]?.error).toMatchObject({
      code: "missing",
      message: expect.stringContaining("nobody had fetched them"),
    });
  });
});
