import { LangBatchError } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { chatLine, openWorld, optionsOf, TestBatch, type World } from "../support/world.js";

const three = [chatLine("a"), chatLine("b"), chatLine("c")] as never[];

/** A world where something between us and the provider sends every create twice. */
function stutteringWorld(): World {
  const world = openWorld();
  const { create } = world.provider;
  world.provider.create = async (input, uploaded, context) => {
    await create(input, uploaded, context);
    return create(input, uploaded, context);
  };
  return world;
}

/** How often the list is read. */
function countLists(world: World): () => number {
  let lists = 0;
  const { list } = world.provider;
  world.provider.list = (query, context) => {
    lists += 1;
    return list(query, context);
  };
  return () => lists;
}

describe("a job that something else has created twice", () => {
  it("is told while waiting, with both ids, and its results come home once", async () => {
    const world = stutteringWorld();
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    await batch.start();
    const told: LangBatchError[] = [];
    expect(await batch.wait({ onError: (error) => told.push(error) })).toBe("completed");
    expect(told.map(({ code }) => code)).toEqual(["duplicate_job"]);
    expect(told[0]?.message).toMatch(/second job job-1 .*counts is job-2/);
    expect((await batch.getResults()).successful).toHaveLength(3);
  });

  it("is a warning where nobody listens, also where nobody waits", async () => {
    const waited = stutteringWorld();
    const first = await TestBatch.createFromRequests(three, optionsOf(waited));
    await first.start();
    await first.wait();
    expect(waited.warnings).toHaveLength(1);

    const polled = stutteringWorld();
    const second = await TestBatch.createFromRequests(three, optionsOf(polled));
    await second.start();
    await polled.ports.sleep(3_600_000);
    await second.getResults();
    expect(polled.warnings).toHaveLength(1);
  });

  it("is looked for by two lists a batch, however many jobs it has, and by none after the end", async () => {
    const world = openWorld();
    world.runsMs = 7_200_000;
    world.traits.maxRequests = 1;
    const lists = countLists(world);
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    await batch.start();
    expect(lists()).toBe(0);
    await batch.wait();
    expect(lists()).toBe(2);
    await batch.wait();
    await batch.getResults();
    expect(lists()).toBe(2);
  });

  it("is told a quarter of an hour after the creation, not only at the end", async () => {
    const world = stutteringWorld();
    world.runsMs = 7_200_000;
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    const startedAt = world.ports.now();
    await batch.start();
    const at: number[] = [];
    await batch.wait({ onError: () => at.push(world.ports.now() - startedAt) });
    expect(at).toHaveLength(1);
    expect(at[0]).toBeGreaterThanOrEqual(900_000);
    expect(at[0]).toBeLessThan(1_500_000);
  });

  it("is none where the second one failed: nothing of it is paid", async () => {
    const world = stutteringWorld();
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    await batch.start();
    const [second] = world.jobs;
    if (second) second.status = "failed";
    await batch.wait();
    expect(world.warnings).toEqual([]);
  });

  it("does not stop the waiting where the list cannot be read", async () => {
    const world = openWorld();
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    await batch.start();
    world.provider.list = async function* () {
      yield* [];
      throw new LangBatchError("provider_failed", "You may not list.", { status: 403 });
    };
    const told: string[] = [];
    expect(await batch.wait({ onError: ({ message }) => told.push(message) })).toBe("completed");
    expect(told).toEqual(["You may not list."]);
  });
});
