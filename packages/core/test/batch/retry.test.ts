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
