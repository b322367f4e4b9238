import { LangBatchError } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { chatLine, openWorld, optionsOf, TestBatch, type World } from "../support/world.js";

const three = [chatLine("a"), chatLine("b"), chatLine("c")] as never[];
const windowMs = 900_000;

/** A world that loses the first create on its way, or lets it take effect later. */
function forgetfulWorld(): { world: World; late: () => Promise<unknown> } {
  const world = openWorld();
  const { create } = world.provider;
  let late: () => Promise<unknown> = async () => undefined;
  let isFirst = true;
  world.provider.create = async (input, uploaded, context) => {
    if (!isFirst) return create(input, uploaded, context);
    isFirst = false;
    late = () => create(input, uploaded, context);
    throw new Error("socket hang up");
  };
  return { world, late: () => late() };
}

async function started(world: World): Promise<{ readonly tookMs: number; readonly id: string }> {
  const batch = await TestBatch.createFromRequests(three, optionsOf(world));
  const before = world.ports.now();
  await batch.start();
  return { tookMs: world.ports.now() - before, id: batch.id };
}

describe("before a lost create is sent again", () => {
  it("its input is deleted, and it is looked for during another window", async () => {
    const { world, late } = forgetfulWorld();
    const { tookMs } = await started(world);
    expect(tookMs).toBeGreaterThanOrEqual(2 * windowMs);
    expect(tookMs).toBeLessThan(2.5 * windowMs);
    expect(world.uploads.size).toBe(1);
    expect(world.warnings).toEqual([
      expect.stringMatching(/is lost: .*socket hang up.*looked for, for up to 31 minutes/),
    ]);
    await expect(late()).rejects.toMatchObject({ code: "rejected" });
    expect(world.jobs.map(({ tag }) => tag.at(-1))).toEqual(["2"]);
  });

  it("it is found in the second window if it took effect just before the first one ended", async () => {
    const { world, late } = forgetfulWorld();
    const { discard, list } = world.provider;
    let isDeleted = false;
    world.provider.discard = async (uploaded, context) => {
      await late();
      isDeleted = true;
      await discard?.(uploaded, context);
    };
    world.provider.list = (query, context) => {
      if (isDeleted) return list(query, context);
      return (async function* () {})();
    };
    await started(world);
    expect(world.jobs.map(({ tag }) => tag.at(-1))).toEqual(["1"]);
  });

  it("one window has to do where the key may not delete", async () => {
    const { world } = forgetfulWorld();
    world.provider.discard = async () => {
      throw new LangBatchError("provider_failed", "You may not.", { status: 403 });
    };
    const { tookMs } = await started(world);
    expect(tookMs).toBeGreaterThanOrEqual(windowMs);
    expect(tookMs).toBeLessThan(1.5 * windowMs);
    expect(world.jobs).toHaveLength(1);
  });

  it("nothing is sent while it is not known whether the input is deleted", async () => {
    const { world, late } = forgetfulWorld();
    const { discard } = world.provider;
    let failures = 2;
    world.provider.discard = async (uploaded, context) => {
      failures -= 1;
      if (failures >= 0) {
        throw new LangBatchError("provider_failed", "Bad gateway.", { retryable: true });
      }
      await discard?.(uploaded, context);
    };
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    await expect(batch.start()).rejects.toMatchObject({ code: "provider_failed" });
    expect(world.jobs).toEqual([]);
    const told: string[] = [];
    expect(await batch.wait({ onError: ({ message }) => told.push(message) })).toBe("completed");
    expect(told).toContain("Bad gateway.");
    await expect(late()).rejects.toMatchObject({ code: "rejected" });
    expect(world.jobs).toHaveLength(1);
  });
});
