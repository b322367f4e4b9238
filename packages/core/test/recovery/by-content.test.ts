import { type Job, LangBatchError, type WireFormat } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import {
  chatLine,
  openWorld,
  optionsOf,
  resultLine,
  TestBatch,
  type World,
} from "../support/world.js";

const two = [chatLine("a"), chatLine("b")] as never[];
const strangerId = "job-of-others";

const wire: WireFormat = {
  encode: ({ request, wireId }) => Buffer.from(JSON.stringify({ ...request, custom_id: wireId })),
  decode: (line) => JSON.parse(Buffer.from(line).toString("utf8")),
};

/** A world that takes requests with the create, and shows nothing of where a job came from. */
function openNamelessWorld(): World & { readonly reads: string[] } {
  const world = Object.assign(openWorld(), { reads: [] as string[] });
  const { provider } = world;
  Object.assign(world.traits, { recovery: "content", wire, wireId: /^[A-Za-z0-9]{1,64}$/ });
  const { create, get, list, upload } = provider;
  delete provider.upload;
  delete provider.discard;
  const shown = ({ tag: _tag, inputId: _input, ...job }: Job): Job => ({ ...job, requests: 2 });
  provider.create = async (input, _uploaded, context) =>
    shown(await create(input, await upload?.(input, context), context));
  provider.get = async function* (ids, context) {
    for await (const job of get(ids, context)) yield shown(job);
  };
  provider.list = async function* (query, context) {
    for await (const job of list(query, context)) yield shown(job);
  };
  provider.results = async function* ({ id }) {
    world.reads.push(id);
    const lines = world.jobs.find((job) => job.id === id)?.lines ?? [];
    for (const line of lines) {
      yield Buffer.from(`${JSON.stringify(resultLine(JSON.parse(line).custom_id))}\n`);
    }
  };
  return world;
}

/** An ended job of somebody else in the list, as large as ours. */
function addStranger(world: World, createdAt: number = world.ports.now()): void {
  const { list, results } = world.provider;
  world.provider.list = async function* (query, context) {
    yield* list(query, context);
    const stranger = { id: strangerId, createdAt, requests: 2 };
    yield { ...stranger, status: "completed", rawStatus: "ended" };
  };
  world.provider.results = async function* (job, context) {
    if (job.id !== strangerId) yield* results(job, context);
    else yield Buffer.from(`${JSON.stringify(resultLine("theirs"))}\n`);
  };
}

/** The answer of the next create is lost, after it was taken, or before. */
function loseNextCreate(world: World, isTaken: boolean): void {
  const { create } = world.provider;
  world.provider.create = async (...args) => {
    world.provider.create = create;
    if (isTaken) await create(...args);
    throw new LangBatchError("provider_failed", "The connection broke.", { retryable: true });
  };
}

function newBatch(world: World): Promise<TestBatch> {
  return TestBatch.createFromRequests(two, optionsOf(world));
}

describe("a job that shows nothing of where it came from", () => {
  it("is ours by any of its results, and read no further than that", async () => {
    const world = openNamelessWorld();
    loseNextCreate(world, true);
    const batch = await newBatch(world);
    await batch.start();
    expect(await batch.wait()).toBe("completed");
    expect(world.jobs).toHaveLength(1);
  });

  it("is out where its results are somebody else's, which are read once", async () => {
    const world = openNamelessWorld();
    let reads = 0;
    addStranger(world);
    const { results } = world.provider;
    world.provider.results = (job, context) => {
      if (job.id === strangerId) reads += 1;
      return results(job, context);
    };
    loseNextCreate(world, false);
    const batch = await newBatch(world);
    await batch.start();
    expect(world.jobs).toHaveLength(1);
    expect(reads).toBe(1);
  });

  it("may still be ours where its results cannot be read, or say nothing", async () => {
    for (const silence of ["throw", "nothing", "garbage"]) {
      const world = openNamelessWorld();
      addStranger(world);
      world.provider.results = async function* () {
        if (silence === "throw") {
          throw new LangBatchError("provider_failed", "It is down.", { retryable: true });
        }
        if (silence === "garbage") yield Buffer.from("{}\n<html>\n");
      };
      loseNextCreate(world, false);
      const batch = await newBatch(world);
      await batch.start();
      expect(world.jobs, silence).toHaveLength(0);
      expect(world.warnings.at(-1), silence).toContain(`It may be ${strangerId}`);
    }
  });

  it("is not taken by a search while it is certainly another shard's", async () => {
    const world = openNamelessWorld();
    world.runsMs = 86_400_000;
    const four = ["a", "b", "c", "d"].map((id) => chatLine(id)) as never[];
    const options = { ...optionsOf(world), maxRequestsPerJob: 2 };
    const batch = await TestBatch.createFromRequests(four, options);
    const { create } = world.provider;
    let creates = 0;
    world.provider.create = async (...args) => {
      creates += 1;
      if (creates !== 2) return create(...args);
      throw new LangBatchError("provider_failed", "The connection broke.", { retryable: true });
    };
    await batch.start();
    // The first shard's job runs all the while, and is as large.
    expect(world.jobs).toHaveLength(2);
    expect(await batch.wait()).toBe("completed");
    expect((await batch.getResults()).successful).toHaveLength(4);
  });

  it("is asked for by nobody where it is of another time and no create is in doubt", async () => {
    const world = openNamelessWorld();
    addStranger(world, world.ports.now() - 7_200_000);
    let reads = 0;
    const { results } = world.provider;
    world.provider.results = (job, context) => {
      if (job.id === strangerId) reads += 1;
      return results(job, context);
    };
    const batch = await newBatch(world);
    await batch.start();
    await batch.wait();
    await batch.recover();
    expect(reads).toBe(0);
  });

  it("gives no second job of a batch whose ids are somebody else's", async () => {
    const world = openNamelessWorld();
    addStranger(world);
    const batch = await newBatch(world);
    await batch.start();
    expect(await batch.wait()).toBe("completed");
    expect((await batch.recover()).problems).toEqual([]);
  });
});
