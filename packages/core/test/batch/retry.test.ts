import { LangBatchError } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { keysOf, linesFile } from "../support/files.js";
import { chatLine, openWorld, optionsOf, TestBatch, type World } from "../support/world.js";

const ids = ["a", "b", "c", "d", "e"];

async function started(world: World): Promise<TestBatch> {
  const batch = new TestBatch(await linesFile(ids.map((id) => chatLine(id))), optionsOf(world));
  await batch.start();
  return batch;
}

const idsOf = (job: { readonly lines: readonly string[] } | undefined) =>
  job?.lines.map((line) => JSON.parse(line).custom_id);

describe("retry", () => {
  it("asks again only for what has no success, under the same id, as often as wanted", async () => {
    const world = openWorld();
    const batch = await started(world);
    const failing = new Set(["b", "c", "e"]);
    world.end = (id) => (failing.has(id) ? "fail" : "succeed");
    await batch.wait();
    failing.delete("b");
    await batch.retry();
    expect(await batch.getStatus()).toBe("in_progress");
    await batch.wait();
    failing.clear();
    await batch.retry();
    await batch.wait();
    expect(world.jobs.map(idsOf)).toEqual([ids, ["b", "c", "e"], ["c", "e"]]);
    expect((await batch.getResults()).successful.map(({ custom_id }) => custom_id)).toEqual(ids);
    expect(await batch.getUnsuccessfulRequests()).toEqual([]);
    expect(await keysOf(world.storage, "batches/")).toEqual([`batches/${batch.id}`]);
  });

  it("does nothing where every request has a success", async () => {
    const world = openWorld();
    const batch = await started(world);
    await batch.wait();
    await batch.retry();
    await batch.retry();
    expect(world.jobs).toHaveLength(1);
  });

  it("is refused while anything runs", async () => {
    const batch = await started(openWorld());
    await expect(batch.retry()).rejects.toMatchObject({ code: "not_ready" });
  });

  it("packs what failed in many jobs into one", async () => {
    const world = openWorld();
    world.traits.maxRequests = 1;
    world.end = () => "fail";
    const batch = await started(world);
    await batch.wait();
    expect(world.jobs).toHaveLength(5);
    world.traits.maxRequests = 100;
    world.end = () => "succeed";
    await batch.retry();
    await batch.wait();
    expect(idsOf(world.jobs[5])).toEqual(ids);
  });

  it("of a cancelled batch brings the rest home", async () => {
    const world = openWorld();
    const batch = await started(world);
    await batch.cancel();
    await batch.wait();
    await batch.retry();
    expect(await batch.wait()).toBe("completed");
  });

  it("called by two processes at once asks once", async () => {
    const world = openWorld();
    world.end = () => "fail";
    const batch = await started(world);
    await batch.wait();
    const other = await TestBatch.load(batch.id, optionsOf(world));
    await Promise.allSettled([batch.retry(), other.retry()]);
    await batch.wait();
    expect(world.jobs).toHaveLength(2);
  });

  it("of what was refused does not let an older start send it too", async () => {
    const world = openWorld();
    world.onCreate = () => {
      world.jobs.pop();
      throw new LangBatchError("rejected", "no");
    };
    const batch = new TestBatch(await linesFile([chatLine("a")]), optionsOf(world));
    await batch.start().catch(() => {});
    world.onCreate = () => {};
    await batch.retry();
    await batch.start();
    expect(await batch.wait()).toBe("completed");
    expect(world.jobs).toHaveLength(1);
  });
});

const idsAt = (world: World) => world.jobs.map(idsOf);

describe("retrying what may work", () => {
  /** A job that expired with "a" answered, "b" refused for good, and the rest not reached. */
  async function expired(): Promise<{ readonly world: World; readonly batch: TestBatch }> {
    const world = openWorld();
    world.finalStatus = "expired";
    world.end = (id) => (id === "a" ? "succeed" : id === "b" ? "fail" : "drop");
    const batch = await started(world);
    expect(await batch.wait()).toBe("expired");
    world.finalStatus = "completed";
    return { world, batch };
  }

  it("leaves out the requests that can never work, and keeps their failures", async () => {
    const { world, batch } = await expired();
    world.end = () => "succeed";
    await batch.retry({ only: "retryable" });
    expect(await batch.wait()).toBe("completed");
    expect(idsAt(world)).toEqual([ids, ["c", "d", "e"]]);
    const { successful, unsuccessful } = await batch.getResults();
    expect(successful.map(({ custom_id }) => custom_id)).toEqual(["a", "c", "d", "e"]);
    expect(unsuccessful.map(({ custom_id }) => custom_id)).toEqual(["b"]);
  });

  it("does not keep a later retry of everything from asking for them, nor mix up the results", async () => {
    const { world, batch } = await expired();
    world.end = (id) => (id === "d" ? "fail" : "succeed");
    await batch.retry({ only: "retryable" });
    await batch.wait();
    world.end = () => "succeed";
    await batch.retry();
    await batch.wait();
    expect(idsAt(world)).toEqual([ids, ["c", "d", "e"], ["b", "d"]]);
    expect((await batch.getResults()).successful.map(({ custom_id }) => custom_id)).toEqual(ids);
  });

  it("does nothing where no request can ever work", async () => {
    const world = openWorld();
    world.end = () => "fail";
    const batch = await started(world);
    await batch.wait();
    await batch.retry({ only: "retryable" });
    expect(world.jobs).toHaveLength(1);
    expect(await batch.getStatus()).toBe("completed");
  });

  it("takes no other word", async () => {
    const { batch } = await expired();
    const only = "all" as "retryable";
    await expect(batch.retry({ only })).rejects.toMatchObject({
      code: "invalid_option",
      message: '`only` is "all"; use "retryable", or leave it out.',
    });
  });
});

describe("waiting with retries", () => {
  /** Each job expires after one more request was answered. */
  function dripping(): World {
    const world = openWorld();
    world.finalStatus = "expired";
    const lastAnswered = () => ["a", "b", "d", "e"][world.jobs.length - 1] ?? "e";
    world.end = (id) => (id <= lastAnswered() ? "succeed" : "drop");
    return world;
  }

  it("asks again by itself until all have succeeded", async () => {
    const world = dripping();
    const batch = await started(world);
    expect(await batch.wait({ retries: 3 })).toBe("completed");
    expect(idsAt(world)).toEqual([ids, ["b", "c", "d", "e"], ["c", "d", "e"], ["e"]]);
    expect((await batch.getResults()).successful).toHaveLength(5);
  });

  it("gives each further round more time than the one before", async () => {
    const world = dripping();
    await (await started(world)).wait({ retries: 3, pollIntervalMs: 60_000 });
    const starts = world.jobs.map(({ createdAt }) => createdAt);
    const pauses = starts.slice(1).map((start, at) => start - (starts[at] ?? 0));
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    expect(new Set(pauses).size).toBe(3);
  });

  it("counts the rounds the batch has had, in whatever process", async () => {
    const world = dripping();
    const batch = await started(world);
    await batch.wait({ retries: 1 });
    const other = await TestBatch.load(batch.id, optionsOf(world));
    expect(await other.wait({ retries: 1 })).toBe("expired");
    expect(world.jobs).toHaveLength(2);
    await other.wait({ retries: 2 });
    expect(world.jobs).toHaveLength(3);
  });

  it("ends where fewer are left than the provider takes in a job, and says so", async () => {
    const world = openWorld();
    world.traits.minRequests = 3;
    world.finalStatus = "expired";
    world.end = (id) => (id < "d" ? "succeed" : "drop");
    const batch = await started(world);
    const told: string[] = [];
    const onError = ({ code, message }: LangBatchError) => void told.push(`${code}: ${message}`);
    expect(await batch.wait({ retries: 3, onError })).toBe("expired");
    expect(world.jobs).toHaveLength(1);
    expect(told.at(-1)).toContain("no fewer than 3");
    await expect(batch.retry()).rejects.toMatchObject({ code: "invalid_request" });
  });

  it("leaves a cancelled batch alone", async () => {
    const world = openWorld();
    const batch = await started(world);
    await batch.cancel();
    expect(await batch.wait({ retries: 3 })).toBe("cancelled");
    expect(world.jobs).toHaveLength(1);
  });

  it("does not pay again for what can never work", async () => {
    const world = openWorld();
    world.end = () => "fail";
    const batch = await started(world);
    expect(await batch.wait({ retries: 3 })).toBe("completed");
    expect(world.jobs).toHaveLength(1);
  });

  it.each([-1, 1.5, Number.NaN])("takes whole numbers only, not %s", async (retries) => {
    const batch = await started(openWorld());
    await expect(batch.wait({ retries })).rejects.toMatchObject({ code: "invalid_option" });
  });
});
