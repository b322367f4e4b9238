import { LangBatchError, type OnAmbiguous } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { chatLine, openWorld, optionsOf, TestBatch, type World } from "../support/world.js";

const three = [chatLine("a"), chatLine("b"), chatLine("c")] as never[];

/** A world whose creates are taken (or not) without an answer, and whose list shows no end. */
function unsureWorld({ isTaken = true, shows = "nothing" } = {}): World {
  const world = openWorld();
  const { create, list } = world.provider;
  let isFirst = true;
  world.provider.create = async (input, uploaded, context) => {
    if (!isFirst) return create(input, uploaded, context);
    isFirst = false;
    if (isTaken) await create(input, uploaded, context);
    throw new Error("socket hang up");
  };
  world.provider.list = async function* (query, context) {
    if (shows === "nothing") {
      throw new LangBatchError("incomplete_listing", "The second page is none");
    }
    for await (const { tag: _tag, inputId: _input, ...anonymous } of list(query, context)) {
      yield anonymous;
    }
  };
  return world;
}

function start(world: World, onAmbiguous?: OnAmbiguous): Promise<TestBatch> {
  return TestBatch.createFromRequests(three, {
    ...optionsOf(world),
    ...(onAmbiguous && { onAmbiguous }),
  });
}

describe("a create of which nobody can say what came", () => {
  it("is looked for as long as somebody waits, and not sent again", async () => {
    const world = unsureWorld();
    const { list } = openWorld().provider;
    const stop = new AbortController();
    let stopAt = Number.POSITIVE_INFINITY;
    const { sleep } = world.ports;
    world.ports.sleep = async (ms, signal) => {
      if (world.ports.now() > stopAt) stop.abort(new Error("a day is enough"));
      await sleep(ms, signal);
    };
    const batch = await start(world);
    await batch.start();
    expect(world.jobs).toHaveLength(1);
    expect(world.warnings.at(-1)).toMatch(
      /Nobody can say whether world created the job of shard 0/,
    );
    expect(await batch.getStatus()).toBe("validating");

    const told: LangBatchError[] = [];
    stopAt = world.ports.now() + 86_400_000;
    const waiting = batch.wait({ signal: stop.signal, onError: (error) => told.push(error) });
    await expect(waiting).rejects.toThrow("a day is enough");
    expect(told.map(({ code }) => code)).toEqual(["ambiguous"]);
    expect(told[0]?.message).toContain('onAmbiguous: "resubmit"');
    expect(world.jobs).toHaveLength(1);
    stopAt = Number.POSITIVE_INFINITY;

    // The provider's list is mended: the job is found, by the same batch.
    world.provider.list = async function* () {
      yield* world.jobs.map((job) => ({ ...job, rawStatus: job.status }));
      yield* list({ since: 0 }, { endpoint: "" });
    };
    expect(await batch.wait()).toBe("completed");
    expect(world.jobs).toHaveLength(1);
  });

  it("is an error that says what can be done, where the user wants that", async () => {
    const batch = await start(unsureWorld(), "fail");
    const error = await batch.start().catch((thrown: unknown) => thrown);
    expect(LangBatchError.is(error, "ambiguous")).toBe(true);
    expect(String(error)).toMatch(/The second page is none.*Look for it at the provider/s);
  });

  it("is sent again, with its old input deleted, where the user says that nothing came of it", async () => {
    const world = unsureWorld({ isTaken: false });
    const batch = await start(world, "resubmit");
    await batch.start();
    expect(world.jobs.map(({ tag }) => tag.at(-1))).toEqual(["2"]);
    expect(world.uploads.size).toBe(1);
    expect(await batch.wait()).toBe("completed");
  });

  it("is sent again although the key may not delete the old input", async () => {
    const world = unsureWorld({ isTaken: false });
    world.provider.discard = async () => {
      throw new LangBatchError("provider_failed", "You may not.", { status: 403 });
    };
    const batch = await start(world, "resubmit");
    await batch.start();
    expect(await batch.wait()).toBe("completed");
    expect(world.jobs).toHaveLength(1);
  });

  it("is the one job it may be, where the user wants that", async () => {
    const world = unsureWorld({ shows: "anonymous" });
    const batch = await start(world, "adopt-if-unique");
    await batch.start();
    expect(await batch.wait()).toBe("completed");
    expect(world.jobs).toHaveLength(1);
    expect((await batch.getResults()).successful).toHaveLength(3);
  });

  it("stays open where it may be one of several", async () => {
    const world = unsureWorld({ shows: "anonymous" });
    const createdAt = world.ports.now();
    const lines = three.map((line) => JSON.stringify(line));
    const stranger = { id: "job-9", tag: "", inputId: "", createdAt, lines, status: "in_progress" };
    world.jobs.push(stranger as (typeof world.jobs)[number]);
    const batch = await start(world, "adopt-if-unique");
    await batch.start();
    expect(world.warnings.at(-1)).toMatch(/It may be job-2, job-9/);
    const { jobs } = await batch.recover();
    expect(jobs.map(({ state }) => state)).toEqual(["ambiguous"]);
  });

  it("takes no other policy", () => {
    const options = { ...optionsOf(openWorld()), onAmbiguous: "hope" as OnAmbiguous };
    expect(() => new TestBatch("x.jsonl", options)).toThrow(/`onAmbiguous` is "hope"; use one of/);
  });
});
