import Anthropic from "@anthropic-ai/sdk";
import { describe, expect, it } from "vitest";
import type { JobRecord } from "../../core/src/batch/records.js";
import { AnthropicChatCompletionBatch } from "../src/index.js";
import {
  type AnthropicHarness,
  apiKey,
  chatLine,
  openAnthropic,
} from "./support/open-anthropic.js";

const creates = { method: "POST", path: /\/batches$/ };
const hourMs = 3_600_000;

async function newBatch({ options, file }: AnthropicHarness, requests = 2) {
  const ids = ["a", "b", "c", "d"].slice(0, requests);
  return new AnthropicChatCompletionBatch(await file(...ids.map((id) => chatLine(id))), options);
}

/** A batch that somebody else makes in the same workspace. */
async function createStranger({ server }: AnthropicHarness, requests = 2): Promise<string> {
  const client = new Anthropic({ baseURL: server.url, apiKey });
  const params = {
    model: "claude-sonnet-5-5",
    max_tokens: 8,
    messages: [{ role: "user" as const, content: "Whose is it?" }],
  };
  const all = Array.from({ length: requests }, (_, at) => ({ custom_id: `theirs-${at}`, params }));
  return (await client.messages.batches.create({ requests: all })).id;
}

async function jobOf({ storage }: AnthropicHarness, id: string): Promise<JobRecord> {
  const stored = await storage.readRecord(`jobs/${id}/0/0`);
  return JSON.parse(Buffer.from(stored?.value ?? []).toString()).value;
}

async function contentsOf(batch: AnthropicChatCompletionBatch): Promise<readonly unknown[]> {
  const { successful } = await batch.getResults();
  return successful.map(({ choices }) => choices[0]?.message.content);
}

const answers = [expect.stringContaining("Question a"), expect.stringContaining("Question b")];

describe("a create whose answer is lost", () => {
  it("is found by its results where the job has ended, whatever else is there", async () => {
    const harness = await openAnthropic({ runningMs: 1_000 });
    const { server } = harness;
    await createStranger(harness);
    server.failNext(creates, { kind: "reset-after" });
    const batch = await newBatch(harness);
    await batch.start();
    expect(await batch.wait()).toBe("completed");
    expect(await contentsOf(batch)).toEqual(answers);
    expect(server.jobs).toHaveLength(2);
  });

  it("is taken for the only job of its size that runs, and confirmed by its results", async () => {
    const harness = await openAnthropic({ runningMs: 5 * hourMs });
    const { server, warnings } = harness;
    server.failNext(creates, { kind: "reset-after" });
    const batch = await newBatch(harness);
    await batch.start();
    expect(warnings).toEqual([expect.stringMatching(/is lost.*nothing is paid twice/)]);
    expect(await jobOf(harness, batch.id)).toMatchObject({
      state: "submitted",
      job: { id: server.jobs[0]?.id },
      provisional: { answer: expect.stringContaining("failed") },
    });
    const { jobs } = await batch.recover();
    expect(jobs[0]?.explanation).toMatch(/Its results say whether it is/);
    expect(await batch.wait()).toBe("completed");
    expect(await contentsOf(batch)).toEqual(answers);
    expect(server.jobs).toHaveLength(1);
    expect(await jobOf(harness, batch.id)).not.toHaveProperty("provisional");
  });

  it("is looked for again where what was taken for it is somebody else's, and sent again where it is nowhere", async () => {
    const harness = await openAnthropic({ runningMs: 5 * hourMs });
    const { server } = harness;
    const stranger = await createStranger(harness);
    server.failNext(creates, { kind: "reset" });
    const batch = await newBatch(harness);
    await batch.start();
    expect(await jobOf(harness, batch.id)).toMatchObject({ job: { id: stranger } });
    expect(await batch.wait()).toBe("completed");
    expect(await contentsOf(batch)).toEqual(answers);
    expect(server.jobs).toHaveLength(2);
    expect(await jobOf(harness, batch.id)).toMatchObject({ job: { id: server.jobs[1]?.id } });
  });

  it("waits until one of several of its size has ended, and takes none of other sizes", async () => {
    const harness = await openAnthropic({ runningMs: 2 * hourMs });
    const { server, warnings } = harness;
    await createStranger(harness, 3);
    await createStranger(harness, 2);
    server.clock.advance(hourMs);
    server.failNext(creates, { kind: "reset-after" });
    const batch = await newBatch(harness);
    await batch.start();
    expect(warnings.at(-1)).toMatch(
      /2 of the jobs there have as many requests, and only their results will tell/,
    );
    expect(await batch.wait()).toBe("completed");
    expect(await contentsOf(batch)).toEqual(answers);
    expect(server.jobs).toHaveLength(3);
  });

  it("never stops what may be somebody else's job", async () => {
    const harness = await openAnthropic({ runningMs: 5 * hourMs });
    const { server } = harness;
    await createStranger(harness);
    server.failNext(creates, { kind: "reset" });
    const batch = await newBatch(harness);
    await batch.start();
    await batch.cancel();
    expect(await batch.wait()).toBe("cancelled");
    expect(server.requests.filter(({ path }) => path.endsWith("/cancel"))).toEqual([]);
    expect(server.jobs.map(({ status }) => status)).toEqual(["ended"]);
  });

  it("is sent again after the settle window where nothing of its size is there", async () => {
    const harness = await openAnthropic();
    const { server } = harness;
    server.failNext(creates, { kind: "reset" });
    const began = server.clock.now();
    const batch = await newBatch(harness);
    await batch.start();
    expect(server.jobs).toHaveLength(1);
    expect(server.clock.now() - began).toBeGreaterThan(900_000);
    expect(await batch.wait()).toBe("completed");
  });

  it("keeps two shards of one size apart", async () => {
    const harness = await openAnthropic({ runningMs: 5 * hourMs });
    const { server, options, file } = harness;
    server.failNext(creates, { kind: "reset-after" }, 2);
    const path = await file(...["a", "b", "c", "d"].map((id) => chatLine(id)));
    const limits = { maxRequestsPerJob: 2 };
    const batch = new AnthropicChatCompletionBatch(path, { ...options, ...limits });
    await batch.start();
    expect(await batch.wait()).toBe("completed");
    expect(await contentsOf(batch)).toEqual(
      ["a", "b", "c", "d"].map((id) => expect.stringContaining(`Question ${id}`)),
    );
    expect(server.jobs).toHaveLength(2);
  });
});

describe("a batch that the service does not show", () => {
  it("is asked for again although it answers 404 for a while", async () => {
    const harness = await openAnthropic({ runningMs: hourMs });
    const { server } = harness;
    server.failJob([
      { kind: "unseen", ms: 600_000 },
      { kind: "results-missing", ms: 600_000 },
    ]);
    const batch = await newBatch(harness);
    await batch.start();
    expect(await batch.getStatus()).toBe("in_progress");
    expect(await batch.wait({ onError() {} })).toBe("completed");
    expect(await contentsOf(batch)).toEqual(answers);
    expect(server.jobs).toHaveLength(1);
  });

  it("with a status of tomorrow is no end", async () => {
    const harness = await openAnthropic({ runningMs: hourMs });
    harness.server.failJob({ kind: "status", status: "paused" });
    const batch = await newBatch(harness);
    await batch.start();
    expect(await batch.getStatus()).toBe("in_progress");
    expect(await batch.wait()).toBe("completed");
  });
});

describe("a second job of the same requests", () => {
  it("is found by its results, and told", async () => {
    const harness = await openAnthropic();
    const { server, warnings } = harness;
    const batch = await newBatch(harness);
    await batch.start();
    const requests = await server.inputOf(server.jobs[0]?.id ?? "");
    // What a gateway does that sends a create again.
    const client = new Anthropic({ baseURL: server.url, apiKey });
    await client.messages.batches.create({ requests: [...requests] as never });
    server.clock.advance(60_000);
    await batch.getResults();
    expect(warnings).toEqual([expect.stringContaining(`a second job ${server.jobs[1]?.id}`)]);
  });
});
