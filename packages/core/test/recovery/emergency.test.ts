import type { Storage } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { chatLine, openWorld, optionsOf, TestBatch, type World } from "../support/world.js";

const three = [chatLine("a"), chatLine("b"), chatLine("c")] as never[];

/** The world's storage, which takes no record for a while once a job was created. */
function fullDisk(world: World, failures: number): Storage {
  let left = failures;
  return {
    ...world.storage,
    async writeRecord(key, value, options) {
      if (world.jobs.length > 0 && left > 0) {
        left -= 1;
        throw new Error("no space left on device");
      }
      return world.storage.writeRecord(key, value, options);
    },
  };
}

describe("a job that was created while the storage failed", () => {
  it("is recorded as soon as the storage can, and was kept outside of it meanwhile", async () => {
    const world = openWorld();
    const storage = fullDisk(world, 3);
    const batch = await TestBatch.createFromRequests(three, { ...optionsOf(world), storage });
    await batch.start();
    expect(await batch.getStatus()).toBe("in_progress");
    expect(world.emergencies).toHaveLength(1);
    expect(JSON.parse(world.emergencies[0] ?? "")).toEqual({
      at: expect.stringMatching(/^2026-01-01T/),
      batch: batch.id,
      provider: "world",
      job: "job-1",
      tag: world.jobs[0]?.tag,
    });
    expect(world.warnings).toEqual([expect.stringMatching(/job-1 .*It is not lost/)]);
    expect(world.jobs).toHaveLength(1);
  });

  it("is found by the next process where the storage does not come back", async () => {
    const world = openWorld();
    const storage = fullDisk(world, 1000);
    const batch = await TestBatch.createFromRequests(three, { ...optionsOf(world), storage });
    await expect(batch.start()).rejects.toMatchObject({ code: "storage_failed" });
    const next = await TestBatch.load(batch.id, optionsOf(world));
    expect(await next.wait()).toBe("completed");
    expect(world.jobs).toHaveLength(1);
  });

  it("does not hide the storage's error where even that cannot be kept", async () => {
    const world = openWorld();
    const storage = fullDisk(world, 1000);
    const ports = { ...world.ports, emergency: () => Promise.reject(new Error("no disk at all")) };
    const options = { ...optionsOf(world), storage, ports };
    const batch = await TestBatch.createFromRequests(three, options);
    await expect(batch.start()).rejects.toThrow(/no space left on device/);
  });
});
