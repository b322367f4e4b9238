import { describe, expect, it } from "vitest";
import { chatLine, openWorld, optionsOf, TestBatch } from "../support/world.js";

const three = [chatLine("a"), chatLine("b"), chatLine("c")] as never[];

describe("an input that must not lie at the provider for long", () => {
  function openCountingWorld() {
    const world = openWorld();
    const { upload } = world.provider;
    world.provider.upload = async (input, context) => {
      const uploaded = await upload?.call(world.provider, input, context);
      return { id: uploaded?.id ?? "", isTemporary: true };
    };
    return world;
  }

  it("is deleted as soon as its results are home, and not before", async () => {
    const world = openCountingWorld();
    world.traits.maxRequests = 2;
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    await batch.start();
    expect(world.uploads.size).toBe(2);
    await batch.wait();
    expect(world.uploads.size).toBe(0);
    await batch.clean();
    expect(world.cleaned.size).toBe(2);
  });

  it("stays where a result is missing, so that it can be looked for", async () => {
    const world = openCountingWorld();
    world.end = (id) => (id === "a" ? "drop" : "succeed");
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    await batch.start();
    await batch.wait();
    expect(world.uploads.size).toBe(1);
  });

  it("stays where it cannot be deleted, which is told and keeps no result back", async () => {
    const world = openCountingWorld();
    world.provider.discard = async () => {
      throw new Error("503");
    };
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    await batch.start();
    await batch.wait();
    expect((await batch.getResults()).successful).toHaveLength(3);
    expect(world.warnings).toEqual([expect.stringMatching(/^The input .* stays at world: .*503/)]);
  });
});

describe("cleaning up at the provider", () => {
  it("deletes inputs and results there once all is home, and keeps what is here", async () => {
    const world = openWorld();
    world.traits.maxRequests = 2;
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    await batch.start();
    await expect(batch.clean()).rejects.toMatchObject({ code: "not_ready" });
    expect(world.cleaned.size).toBe(0);

    await batch.wait();
    await batch.clean();
    expect([...world.cleaned]).toEqual(["job-1", "job-2"]);
    expect(world.uploads.size).toBe(0);
    const loaded = await TestBatch.load(batch.id, optionsOf(world));
    expect((await loaded.getResults()).successful).toHaveLength(3);
    expect(await loaded.getStatus()).toBe("completed");
    expect((await loaded.recover()).jobs[0]?.explanation).toContain("keeps nothing of it");
  });

  it("leaves a job of which a result is missing, so that it can be looked for", async () => {
    const world = openWorld();
    world.traits.maxRequests = 2;
    world.end = (id) => (id === "a" ? "drop" : "succeed");
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    await batch.start();
    await batch.wait();
    await batch.clean();
    expect([...world.cleaned]).toEqual(["job-2"]);
  });

  it("goes on where the provider failed half-way, and does nothing twice", async () => {
    const world = openWorld();
    world.traits.maxRequests = 2;
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    await batch.start();
    await batch.wait();
    const asked: string[] = [];
    const { clean } = world.provider;
    world.provider.clean = async (job, context) => {
      asked.push(job.id);
      if (asked.length === 2) throw new Error("socket hang up");
      await clean?.(job, context);
    };
    await expect(batch.clean()).rejects.toMatchObject({ code: "provider_failed" });
    await batch.clean();
    expect(asked).toEqual(["job-1", "job-2", "job-2"]);
  });

  it("takes nothing for deleted that the key does not see", async () => {
    const world = openWorld();
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    await batch.start();
    await batch.wait();
    const { get } = world.provider;
    world.provider.get = async function* () {};
    await expect(batch.clean()).rejects.toMatchObject({ code: "not_found" });
    world.account = "world/them";
    await expect(batch.clean()).rejects.toMatchObject({ code: "wrong_account" });
    expect(world.cleaned.size).toBe(0);
    Object.assign(world, { account: "world/us" });
    world.provider.get = get;
    await batch.clean();
    expect(world.cleaned.size).toBe(1);
  });

  it("says so where the provider cannot", async () => {
    const world = openWorld();
    const { clean: _none, ...provider } = world.provider;
    const batch = await TestBatch.createFromRequests(three, {
      ...optionsOf(world),
      batchKwargs: { world: { ...world, provider } },
    });
    await batch.start();
    await expect(batch.clean()).rejects.toMatchObject({ code: "invalid_state" });
  });
});
