import { describe, expect, it } from "vitest";
import { chatLine, openWorld, optionsOf, TestBatch } from "../support/world.js";

const three = [chatLine("a"), chatLine("b"), chatLine("c")] as never[];

describe("a key of another account", () => {
  it("does not make a lost create look as if it was never made", async () => {
    const world = openWorld();
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    const { create, list } = world.provider;
    world.provider.create = async (input, uploaded, context) => {
      await create(input, uploaded, context);
      // The answer is lost, and the key is changed to one that does not see the job.
      world.account = "world/them";
      world.provider.list = async function* () {};
      throw new Error("socket hang up");
    };
    await expect(batch.start()).rejects.toMatchObject({
      code: "wrong_account",
      message: expect.stringMatching(/belongs to world\/us, but this key sees world\/them/),
    });
    world.provider.create = create;
    await expect(batch.wait()).rejects.toMatchObject({ code: "wrong_account" });

    world.account = "world/us";
    world.provider.list = list;
    expect(await batch.wait()).toBe("completed");
    expect(world.jobs).toHaveLength(1);
  });

  it("is told when it asks about a running job", async () => {
    const world = openWorld();
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    await batch.start();
    const { get } = world.provider;
    world.provider.get = async function* () {};
    expect(await batch.getStatus(), "a job that is not shown may be shown later").toBe(
      "in_progress",
    );
    world.account = "world/them";
    await expect(batch.getStatus()).rejects.toMatchObject({ code: "wrong_account" });
    world.account = "world";
    expect(await batch.getStatus(), "less is known, nothing else").toBe("in_progress");
    world.account = "world/us";
    world.provider.get = get;
    expect(await batch.wait()).toBe("completed");
  });
});
