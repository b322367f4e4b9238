import { type BatchProvider, memoryStorage, type Storage } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { chatLine, openWorld, optionsOf, TestBatch, type World } from "../support/world.js";

/** What a dead process throws at whatever it still tries. */
class Killed extends Error {}

/**
 * Kills the process at its nth effect, before or after it happens. Every read, write and call counts,
 * and a dead process does nothing more.
 */
function killer(at: number, when: "before" | "after") {
  let effects = 0;
  let isDead = false;
  const die = () => {
    isDead = true;
    throw new Killed();
  };
  return {
    get effects() {
      return effects;
    },
    async run<T>(effect: () => Promise<T>): Promise<T> {
      if (isDead) throw new Killed();
      effects += 1;
      const isLast = effects === at;
      if (isLast && when === "before") die();
      const value = await effect();
      if (isLast) die();
      return value;
    },
  };
}

type Killer = ReturnType<typeof killer>;

function mortalStorage(storage: Storage, { run }: Killer): Storage {
  return {
    specVersion: 1,
    readRecord: (key) => run(() => storage.readRecord(key)),
    writeRecord: (key, value, options) => run(() => storage.writeRecord(key, value, options)),
    async *readBlob(key, range) {
      await run(async () => {});
      yield* storage.readBlob(key, range);
    },
    writeBlob: (key, data) => run(() => storage.writeBlob(key, data)),
    list: (prefix) => storage.list(prefix),
    remove: (key) => run(() => storage.remove(key)),
  };
}

function mortalProvider(provider: BatchProvider, { run }: Killer): BatchProvider {
  async function* mortal<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
    await run(async () => {});
    yield* source;
  }
  return {
    ...provider,
    upload: (input, context) =>
      run(async () => (await provider.upload?.(input, context)) ?? { id: "" }),
    create: (input, uploaded, context) => run(() => provider.create(input, uploaded, context)),
    get: (ids, context) => mortal(provider.get(ids, context)),
    list: (query, context) => mortal(provider.list(query, context)),
    results: (job, context) => mortal(provider.results(job, context)),
  };
}

const ids = ["a", "b", "c", "d", "e"];

/** One life of a process: makes or finds the batch by its key, and works until it is home. */
async function live(world: World, end: Killer): Promise<void> {
  const mortal: World = { ...world, provider: mortalProvider(world.provider, end) };
  const batch = await TestBatch.createFromRequests(ids.map((id) => chatLine(id)) as never[], {
    ...optionsOf(mortal),
    storage: mortalStorage(world.storage, end),
    key: "the-key",
  });
  await batch.start();
  await batch.wait();
}

async function liveUntil(world: World, at: number, when: "before" | "after"): Promise<Killer> {
  const end = killer(at, when);
  await live(world, end).catch((error: unknown) => {
    // The first cause must be the kill, whatever it was wrapped in.
    let cause: unknown = error;
    while (cause instanceof Error && !(cause instanceof Killed)) cause = cause.cause;
    if (!(cause instanceof Killed)) throw error;
  });
  return end;
}

describe.each(["before", "after"] as const)("a process killed %s any effect", (when) => {
  it("leaves a batch that recover explains, and that the next process pays for once", async () => {
    const never = killer(Number.POSITIVE_INFINITY, when);
    await live(openWorld(memoryStorage()), never);
    expect(never.effects).toBeGreaterThan(15);

    for (let at = 1; at <= never.effects; at += 1) {
      const world = openWorld(memoryStorage());
      await liveUntil(world, at, when);
      const explained = await world.storage.readRecord(`batches/${keyId}`);
      if (explained) {
        const loaded = await TestBatch.load(keyId, optionsOf(world));
        const { jobs, problems } = await loaded.recover();
        expect(problems, `after effect ${at}`).toEqual([]);
        for (const { explanation } of jobs) expect(explanation).toMatch(/^[A-Z].*\.$/);
      }
      await live(world, killer(Number.POSITIVE_INFINITY, when));
      await expectAllHome(world, `after effect ${at}`);
    }
  });
});

/** The id of the batch with the key above; a key's id is the same in every process. */
const keyId = new TestBatch("-", { ...optionsOf(openWorld()), key: "the-key" }).id;

async function expectAllHome(world: World, where: string): Promise<void> {
  expect(world.jobs.length, `jobs paid ${where}`).toBe(1);
  const batch = await TestBatch.load(keyId, optionsOf(world));
  const { successful, unsuccessful } = await batch.getResults();
  expect(
    successful.map(({ custom_id }) => custom_id),
    where,
  ).toEqual(ids);
  expect(unsuccessful, where).toEqual([]);
}
