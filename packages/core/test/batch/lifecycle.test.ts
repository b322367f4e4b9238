import { writeFile } from "node:fs/promises";
import { LangBatchError, type Storage } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { keysOf, linesFile } from "../support/files.js";
import { chatLine, openWorld, optionsOf, TestBatch } from "../support/world.js";

const three = [chatLine("a"), chatLine("b"), chatLine("c")];

describe("a new batch", () => {
  it("only remembers: nothing is read, stored or sent before start", async () => {
    const world = openWorld();
    const batch = new TestBatch("/no/such/file.jsonl", optionsOf(world));
    expect(await batch.getStatus()).toBe("created");
    expect(await keysOf(world.storage)).toEqual([]);
    await expect(TestBatch.load(batch.id, optionsOf(world))).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("is another batch each time, although the file is the same", async () => {
    const world = openWorld();
    const file = await linesFile(three);
    for (let time = 0; time < 2; time += 1) await new TestBatch(file, optionsOf(world)).start();
    expect(world.jobs).toHaveLength(2);
  });

  it("may be stored before it is started, and no longer needs its file then", async () => {
    const world = openWorld();
    const file = await linesFile(three);
    const batch = new TestBatch(file, optionsOf(world));
    await batch.save();
    await writeFile(file, "changed, and none of our business");
    const loaded = await TestBatch.load(batch.id, optionsOf(world));
    expect(await loaded.getStatus()).toBe("created");
    expect(world.jobs).toEqual([]);
    await loaded.start();
    await loaded.wait();
    expect((await loaded.getResults()).successful).toHaveLength(3);
  });

  it.each(["wait", "retry", "cancel", "getResults", "getUnsuccessfulRequests"] as const)(
    "refuses %s before start",
    async (method) => {
      const batch = await TestBatch.create(["a"], {
        ...optionsOf(openWorld()),
        requestKwargs: { model: "m" },
      });
      await expect(batch[method]()).rejects.toMatchObject({ code: "invalid_state" });
    },
  );
});

describe("start", () => {
  it("called again creates nothing twice: at once, later, in another process, after the end", async () => {
    const world = openWorld();
    const batch = new TestBatch(await linesFile(three), optionsOf(world));
    await Promise.all([batch.start(), batch.start()]);
    await batch.start();
    const other = await TestBatch.load(batch.id, optionsOf(world));
    await other.start();
    await other.wait();
    await batch.start();
    expect(world.jobs).toHaveLength(1);
    expect(world.uploads.size).toBe(1);
  });

  it("need not be awaited before wait", async () => {
    const world = openWorld();
    let looks = 0;
    const { list } = world.provider;
    world.provider.list = (query, context) => {
      looks += 1;
      return list(query, context);
    };
    const batch = new TestBatch(await linesFile(three), optionsOf(world));
    const starting = batch.start();
    expect(await batch.wait()).toBe("completed");
    await starting;
    expect(looks, "nothing was in doubt: the one look is for a second job").toBe(1);
  });

  it("records the batch first, so that a sweep can tell garbage from work", async () => {
    const world = openWorld();
    const written: string[] = [];
    const storage: Storage = {
      ...world.storage,
      writeRecord(key, value, options) {
        written.push(key);
        return world.storage.writeRecord(key, value, options);
      },
      writeBlob(key, data) {
        written.push(key);
        return world.storage.writeBlob(key, data);
      },
    };
    const batch = new TestBatch(await linesFile(three), { ...optionsOf(world), storage });
    await batch.start();
    const { id } = batch;
    expect(written).toEqual([
      `batches/${id}`,
      `blobs/${id}/0/0/input`,
      `blobs/${id}/0/plan`,
      `batches/${id}`,
      `jobs/${id}/0/0`,
      `jobs/${id}/0/0`,
      `jobs/${id}/0/0`,
    ]);
    await batch.wait();
    expect(written.slice(7)).toEqual([
      `jobs/${id}/0/0`,
      `blobs/${id}/0/0/results-0`,
      `jobs/${id}/0/0`,
    ]);
  });

  it("says what the provider refused, and tries again when it is called again", async () => {
    const world = openWorld();
    const refusal = new LangBatchError("rejected", "The key is wrong.", { status: 401 });
    world.onCreate = () => {
      world.jobs.pop();
      throw refusal;
    };
    const batch = new TestBatch(await linesFile(three), optionsOf(world));
    await expect(batch.start()).rejects.toMatchObject({
      code: "rejected",
      status: 401,
      message: "The key is wrong.",
    });
    expect(await batch.getStatus()).toBe("failed");
    expect((await batch.getResults()).unsuccessful.map(({ error }) => error.message)).toEqual(
      Array(3).fill("The key is wrong."),
    );
    world.onCreate = () => {};
    await batch.start();
    await batch.wait();
    expect((await batch.getResults()).successful).toHaveLength(3);
    expect(world.jobs).toHaveLength(1);
  });

  it("waits for room without failing, and wait() submits what had to wait", async () => {
    const world = openWorld();
    let full = 3;
    world.onCreate = () => {
      full -= 1;
      if (full < 0) return;
      world.jobs.pop();
      throw new LangBatchError("quota", "The queue is full.", { retryable: true });
    };
    const batch = new TestBatch(await linesFile(three), optionsOf(world));
    await batch.start();
    expect(world.jobs).toEqual([]);
    expect(await batch.getStatus()).toBe("validating");
    expect(await batch.wait()).toBe("completed");
    expect(world.jobs).toHaveLength(1);
    expect(world.uploads.size, "the same upload was used").toBe(1);
  });

  it("finds the job whose answer was lost", async () => {
    const world = openWorld();
    world.onCreate = () => {
      world.onCreate = () => {};
      throw new Error("socket hang up");
    };
    const batch = new TestBatch(await linesFile(three), optionsOf(world));
    await batch.start();
    expect(world.jobs).toHaveLength(1);
    expect(await batch.wait()).toBe("completed");
    expect((await batch.getResults()).successful).toHaveLength(3);
  });

  it("repeats a create that made nothing, with a new input, after the settle window", async () => {
    const world = openWorld();
    let lost = 1;
    world.onCreate = () => {
      lost -= 1;
      if (lost < 0) return;
      world.jobs.pop();
      throw new Error("socket hang up");
    };
    const before = world.ports.now();
    const batch = new TestBatch(await linesFile(three), { ...optionsOf(world), settleMs: 60_000 });
    await batch.start();
    expect(world.jobs).toHaveLength(1);
    expect(world.jobs[0]?.tag).toMatch(/^lb-[a-z0-9]{20}-0-0-2$/);
    expect(world.ports.now() - before).toBeGreaterThanOrEqual(60_000);
    expect(world.uploads.size, "the first input was deleted").toBe(1);
  });
});

describe("an error of somebody else's code", () => {
  it("leaves as a LangBatchError with its cause, whichever part threw it", async () => {
    const odd = new TypeError("x is not a function");
    const fails = () => {
      throw odd;
    };
    const world = openWorld();
    world.provider.upload = fails;
    const batch = new TestBatch(await linesFile(three), optionsOf(world));
    await expect(batch.start()).rejects.toMatchObject({ code: "provider_failed", cause: odd });
    const storage = { ...world.storage, readRecord: fails, readBlob: fails };
    const other = new TestBatch(await linesFile(three), { ...optionsOf(world), storage });
    await expect(other.start()).rejects.toMatchObject({ code: "storage_failed", cause: odd });
  });
});
