import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import { describe, expect, it } from "vitest";
import { chatLine, openHarness } from "./support/open-harness.js";
import { creates, lists, seen, uploads } from "./support/requests.js";

const ids = Array.from({ length: 12 }, (_none, at) => `r${at}`);

/** Twelve requests, each in a job of its own, at a service with these limits. */
async function twelveJobs(limits: object, options: object = {}) {
  const harness = await openHarness(limits);
  const file = await harness.file(...ids.map((id) => chatLine(id)));
  const all = { ...harness.options, maxRequestsPerJob: 1, ...options };
  const batch = new OpenAIChatCompletionBatch(file, all);
  const expectAllHome = async () => {
    const { successful, unsuccessful } = await batch.getResults();
    expect(successful.map(({ custom_id: id }) => id)).toEqual(ids);
    expect(unsuccessful).toEqual([]);
  };
  return { ...harness, batch, expectAllHome };
}

describe("more jobs than a service takes at once", () => {
  it("wait where it refuses them, and are sent as others end", async () => {
    const { server, batch, expectAllHome } = await twelveJobs({ maxActiveBatches: 3 });
    await batch.start();
    expect(server.jobs).toHaveLength(3);
    const { shards, status } = await batch.getProgress();
    expect(status).toBe("validating");
    const reasons = shards.flatMap(({ waiting }) => (waiting ? [waiting.message] : []));
    expect(reasons).toHaveLength(9);
    expect(reasons.every((reason) => reason.includes("Too many active batches"))).toBe(true);
    expect(await batch.wait()).toBe("completed");
    await expectAllHome();
    expect(server.jobs).toHaveLength(12);
    expect(seen(server, uploads)).toHaveLength(12);
  });

  it("are created again, from the same file, where it takes them and lets them fail", async () => {
    const bytes = JSON.stringify(chatLine("r10")).length + 1;
    const maxEnqueuedTokens = 2 * Math.ceil(bytes / 4);
    const { server, batch, expectAllHome } = await twelveJobs({ maxEnqueuedTokens });
    await batch.start();
    expect(await batch.wait()).toBe("completed");
    await expectAllHome();
    expect(seen(server, uploads)).toHaveLength(12);
    const ran = server.jobs.filter(({ status }) => status !== "failed");
    expect(ran).toHaveLength(12);
  });

  it("are never refused where the user knows the limit", async () => {
    const { server, batch, expectAllHome } = await twelveJobs(
      { maxActiveBatches: 3 },
      { maxActiveJobs: 3 },
    );
    await batch.start();
    expect(await batch.wait()).toBe("completed");
    await expectAllHome();
    expect(seen(server, creates)).toHaveLength(12);
  });
});

describe("many jobs that run", () => {
  it("cost one call at each look", async () => {
    const { server, batch } = await twelveJobs({ runningMs: 3_600_000 });
    await batch.start();
    const before = server.requests.length;
    await batch.getStatus();
    expect(server.requests.length - before).toBe(1);
    expect(seen(server, lists).length).toBeGreaterThan(0);
  });
});
