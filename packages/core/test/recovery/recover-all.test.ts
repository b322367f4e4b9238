import { type BatchProvider, LangBatchError, memoryStorage, recoverAll } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { linesFile } from "../support/files.js";
import { chatLine, openWorld, optionsOf, TestBatch, type World } from "../support/world.js";

const ids = ["a", "b", "c", "d", "e"];
const five = ids.map((id) => chatLine(id));

/** What every batch takes after the first storage is gone. */
function afresh(world: World) {
  return { ...optionsOf(world), storage: memoryStorage() };
}

async function recover(world: World, storage: ReturnType<typeof memoryStorage>) {
  return recoverAll(storage, world.provider, { ports: world.ports });
}

describe("rebuilding a storage that is gone", () => {
  it("brings every batch back under its id, from the provider alone, and pays nothing", async () => {
    const world = openWorld();
    world.traits.maxRequests = 2;
    world.end = (id) => (id === "d" ? "fail" : "succeed");
    const batch = new TestBatch(await linesFile(five), optionsOf(world));
    await batch.start();
    const other = new TestBatch(await linesFile(five), optionsOf(world));
    await other.start();
    await other.wait();

    const options = afresh(world);
    const recovered = await recover(world, options.storage);
    expect(new Set(recovered.map(({ id }) => id))).toEqual(new Set([batch.id, other.id]));
    expect(recovered.map(({ state, jobs, problems }) => ({ state, jobs, problems }))).toEqual([
      { state: "recovered", jobs: 3, problems: [] },
      { state: "recovered", jobs: 3, problems: [] },
    ]);
    for (const { id, endpoint } of recovered) {
      expect(endpoint).toBe("/v1/chat/completions");
      const back = await TestBatch.load(id, options);
      expect(await back.wait()).toBe("completed");
      const results: string[] = [];
      for await (const { custom_id } of back.results()) results.push(custom_id);
      expect(results).toEqual(ids);
    }
    expect(world.jobs).toHaveLength(6);
  });

  it("leads the same key and input to the batch again", async () => {
    const world = openWorld();
    const script = async (options: ReturnType<typeof optionsOf>) => {
      const batch = new TestBatch(await linesFile(five), { ...options, key: "nightly" });
      await batch.start();
      await batch.wait();
      return batch.getResults();
    };
    await script(optionsOf(world));
    const options = afresh(world);
    await recover(world, options.storage);
    expect((await script(options)).successful).toHaveLength(5);
    expect(world.jobs).toHaveLength(1);
  });

  it("brings the rounds of a retry back, and merges them", async () => {
    const world = openWorld();
    world.traits.maxRequests = 2;
    world.end = (id) => (id === "b" || id === "e" ? "fail" : "succeed");
    const batch = new TestBatch(await linesFile(five), optionsOf(world));
    await batch.start();
    await batch.wait();
    const first = world.jobs.length;
    world.end = () => "succeed";
    await batch.retry();
    await batch.wait();
    world.end = (id) => (id === "b" && world.jobs.length === first ? "fail" : "succeed");

    const options = afresh(world);
    await recover(world, options.storage);
    const back = await TestBatch.load(batch.id, options);
    await back.wait();
    expect((await back.getResults()).successful.map(({ custom_id }) => custom_id)).toEqual(ids);
    await back.retry();
    expect(world.jobs).toHaveLength(4);
  });

  it("changes nothing that is there, and nothing when it is called again", async () => {
    const world = openWorld();
    const batch = new TestBatch(await linesFile(five), optionsOf(world));
    await batch.start();
    const states = async (storage: World["storage"]) =>
      (await recover(world, storage)).map(({ state }) => state);
    expect(await states(world.storage)).toEqual(["known"]);
    const options = afresh(world);
    expect(await states(options.storage)).toEqual(["recovered"]);
    expect(await states(options.storage)).toEqual(["known"]);
  });

  it("touches no data whose record is gone: results may be among it", async () => {
    const world = openWorld();
    const batch = new TestBatch(await linesFile(five), optionsOf(world));
    await batch.start();
    await batch.wait();
    await world.storage.remove(`batches/${batch.id}`);
    const [recovered] = await recover(world, world.storage);
    expect(recovered).toMatchObject({ state: "lost", jobs: 0 });
    expect(recovered?.problems[0]).toMatch(/in another storage/);
    const blobs: string[] = [];
    for await (const key of world.storage.list(`blobs/${batch.id}/`)) blobs.push(key);
    expect(blobs).toContain(`blobs/${batch.id}/0/0/results-0`);
  });

  it("says what the provider no longer has, and how to go on", async () => {
    const world = openWorld();
    world.traits.maxRequests = 2;
    const batch = new TestBatch(await linesFile(five), optionsOf(world));
    await batch.start();
    const [gone] = world.uploads.keys();
    world.uploads.delete(gone ?? "");
    const options = afresh(world);
    const [recovered] = await recover(world, options.storage);
    expect(recovered).toMatchObject({ state: "recovered", jobs: 2 });
    expect(recovered?.problems).toEqual([expect.stringMatching(/job-1 .*`adopt` and its `file`/)]);
    const back = await TestBatch.load(batch.id, options);
    await back.wait();
    expect((await back.getResults()).successful.map(({ custom_id }) => custom_id)).toEqual(
      ids.slice(2),
    );

    world.uploads.clear();
    const [lost] = await recover(world, memoryStorage());
    expect(lost).toMatchObject({ state: "lost", jobs: 0 });
  });

  it("does not mix up a round whose requests no earlier job shows", async () => {
    const world = openWorld();
    world.traits.maxRequests = 3;
    world.end = (id) => (id === "a" || id === "e" ? "fail" : "succeed");
    const batch = new TestBatch(await linesFile(five), optionsOf(world));
    await batch.start();
    await batch.wait();
    await batch.retry();
    await batch.wait();
    // The job that asked for "e" first is shown no more.
    world.jobs.splice(1, 1);
    const options = afresh(world);
    const [recovered] = await recover(world, options.storage);
    expect(recovered?.problems).toEqual([
      expect.stringMatching(/Round 1 asks for requests .*`adopt`: job-3/),
    ]);
    const back = await TestBatch.load(batch.id, options);
    await back.wait();
    expect((await back.getResults()).successful.map(({ custom_id }) => custom_id)).toEqual([
      ...["b", "c"],
    ]);
  });

  it("goes on where it was interrupted at any write", async () => {
    for (let at = 0; at < 12; at += 1) {
      const world = openWorld();
      world.traits.maxRequests = 2;
      const batch = new TestBatch(await linesFile(five), optionsOf(world));
      await batch.start();
      const storage = memoryStorage();
      let left = at;
      const count = () => {
        left -= 1;
        if (left < 0) throw new Error("power cut");
      };
      const failing: typeof storage = {
        ...storage,
        async writeRecord(...args) {
          count();
          return storage.writeRecord(...args);
        },
        async writeBlob(...args) {
          count();
          return storage.writeBlob(...args);
        },
      };
      await recover(world, failing).catch(() => {});
      await recover(world, storage);
      const back = await TestBatch.load(batch.id, { ...optionsOf(world), storage });
      await back.wait();
      expect((await back.getResults()).successful, `write ${at}`).toHaveLength(5);
    }
  });

  it("takes the better of two jobs of the same requests, and tells of the other", async () => {
    const world = openWorld();
    const batch = new TestBatch(await linesFile(five), optionsOf(world));
    await batch.start();
    const [job] = world.jobs;
    if (job) world.jobs.push({ ...job, id: "job-2", createdAt: job.createdAt + 1 });
    const options = afresh(world);
    await recover(world, options.storage);
    const back = await TestBatch.load(batch.id, options);
    await back.wait();
    expect(world.warnings).toEqual([expect.stringContaining("second job job-2")]);
  });

  it("needs the whole list, and a provider that gives inputs back", async () => {
    const world = openWorld();
    const cut: BatchProvider = {
      ...world.provider,
      async *list() {
        yield* [];
        throw new LangBatchError("incomplete_listing", "Page 2 is none.");
      },
    };
    await expect(recoverAll(memoryStorage(), cut)).rejects.toMatchObject({
      code: "incomplete_listing",
    });
    const { input: _none, ...without } = world.provider;
    await expect(recoverAll(memoryStorage(), without)).rejects.toMatchObject({
      code: "invalid_option",
    });
  });
});
