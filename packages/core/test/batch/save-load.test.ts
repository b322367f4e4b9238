import {
  Batch,
  type BatchParts,
  type Embeddings,
  embeddings,
  memoryStorage,
  type Storage,
} from "@langbatch/core";
import { describe, expect, it, vi } from "vitest";
import { keysOf, linesFile } from "../support/files.js";
import { chatLine, openWorld, optionsOf, TestBatch, type World } from "../support/world.js";

class OtherBatch extends Batch<Embeddings, { readonly world: World }> {
  static readonly parts: BatchParts<Embeddings, { readonly world: World }> = {
    endpoint: embeddings,
    provider: (kwargs) => (kwargs as { readonly world: World }).world.provider,
    storage: memoryStorage,
  };
}

async function started(world: World): Promise<TestBatch> {
  const batch = new TestBatch(await linesFile([chatLine("a"), chatLine("b")]), optionsOf(world));
  await batch.start();
  return batch;
}

describe("load", () => {
  it("gives a batch of the class it is called on, which goes on", async () => {
    const world = openWorld();
    const { id } = await started(world);
    const loaded = await TestBatch.load(id, optionsOf(world));
    expect(loaded).toBeInstanceOf(TestBatch);
    expect(loaded.id).toBe(id);
    await loaded.wait();
    expect((await loaded.getResults()).successful[0]?.choices[0]?.message.role).toBe("assistant");
  });

  it("refuses another class, an unknown id, and ids that would leave the storage", async () => {
    const world = openWorld();
    const { id } = await started(world);
    await expect(OtherBatch.load(id, optionsOf(world))).rejects.toMatchObject({
      code: "wrong_class",
    });
    await expect(TestBatch.load("lb_unknown", optionsOf(world))).rejects.toMatchObject({
      code: "not_found",
    });
    for (const hostile of ["", "../etc/passwd", "a/b/../../c", "a\0b"]) {
      await expect(TestBatch.load(hostile, optionsOf(world))).rejects.toMatchObject({
        code: "invalid_option",
      });
    }
  });

  it("of a batch whose storing was interrupted explains it, and start says what to do", async () => {
    const world = openWorld();
    const dying = {
      ...world.storage,
      writeBlob: () => new Promise<never>(() => {}),
    };
    const batch = new TestBatch(await linesFile([chatLine("a")]), {
      ...optionsOf(world),
      storage: dying,
    });
    void batch.start();
    await vi.waitFor(async () => expect(await keysOf(world.storage)).toHaveLength(1));
    const loaded = await TestBatch.load(batch.id, optionsOf(world));
    expect(await loaded.getStatus()).toBe("created");
    await expect(loaded.start()).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining("interrupted"),
    });
  });

  it("refuses a record of a newer version, and one that is damaged", async () => {
    const world = openWorld();
    const { id } = await started(world);
    const key = `batches/${id}`;
    for (const [text, code] of [
      ['{"version":9,"minReader":9,"writeId":"x","value":{}}', "version_unsupported"],
      ["{half", "storage_failed"],
      ['"text"', "storage_failed"],
    ] as const) {
      const stored = await world.storage.readRecord(key);
      await world.storage.writeRecord(key, Buffer.from(text), {
        expected: stored?.revision ?? null,
      });
      await expect(TestBatch.load(id, optionsOf(world))).rejects.toMatchObject({ code });
    }
  });
});

describe("save to another storage", () => {
  it("moves the batch: it goes on there, and whoever works on it here is told", async () => {
    const world = openWorld();
    const batch = await started(world);
    const left = await TestBatch.load(batch.id, optionsOf(world));
    const target = memoryStorage();
    await batch.save({ storage: target });

    expect(await batch.wait()).toBe("completed");
    expect((await batch.getResults()).successful).toHaveLength(2);
    const there = { ...optionsOf(world), storage: target };
    const loaded = await TestBatch.load(batch.id, there);
    expect(await loaded.getStatus()).toBe("completed");
    for (const call of [
      left.wait(),
      left.start(),
      left.getStatus(),
      TestBatch.load(batch.id, optionsOf(world)),
    ]) {
      await expect(call).rejects.toMatchObject({ code: "batch_moved" });
    }
    expect(world.jobs).toHaveLength(1);
    expect(await keysOf(world.storage, "blobs/")).toEqual([]);
  });

  it("and back again", async () => {
    const world = openWorld();
    const batch = await started(world);
    const target = memoryStorage();
    await batch.save({ storage: target });
    await batch.save({ storage: world.storage });
    const loaded = await TestBatch.load(batch.id, optionsOf(world));
    expect(await loaded.wait()).toBe("completed");
    expect((await loaded.getResults()).successful).toHaveLength(2);
    const there = { ...optionsOf(world), storage: target };
    await expect(TestBatch.load(batch.id, there)).rejects.toMatchObject({ code: "batch_moved" });
    expect(world.jobs).toHaveLength(1);
  });

  it("goes on when it was interrupted at any write", async () => {
    for (let at = 1; ; at += 1) {
      const world = openWorld();
      const batch = await started(world);
      await batch.wait();
      const target = memoryStorage();
      let writes = 0;
      const failing = (storage: Storage): Storage => {
        const count = async <T>(write: () => Promise<T>): Promise<T> => {
          writes += 1;
          if (writes >= at) throw new Error("killed");
          return write();
        };
        return {
          ...storage,
          writeRecord: (key, value, options) =>
            count(() => storage.writeRecord(key, value, options)),
          writeBlob: (key, data) => count(() => storage.writeBlob(key, data)),
          remove: (key) => count(() => storage.remove(key)),
        };
      };
      const here = failing(world.storage);
      const mover = await TestBatch.load(batch.id, { ...optionsOf(world), storage: here });
      const moved = await mover.save({ storage: failing(target) }).then(
        () => true,
        () => false,
      );
      if (!moved) {
        await batch.save({ storage: target });
      }
      const loaded = await TestBatch.load(batch.id, { ...optionsOf(world), storage: target });
      expect((await loaded.getResults()).successful, `interrupted at write ${at}`).toHaveLength(2);
      await expect(TestBatch.load(batch.id, optionsOf(world))).rejects.toMatchObject({
        code: "batch_moved",
      });
      if (moved) return;
    }
  });

  it("refuses a storage that has another batch under this id", async () => {
    const world = openWorld();
    const other = openWorld();
    const key = "the same key";
    const file = await linesFile([chatLine("a")]);
    const batch = new TestBatch(file, { ...optionsOf(world), key });
    await batch.save();
    // Each world counts its ids from one; this batch must be another than the first.
    other.ports.newId();
    await new TestBatch(file, { ...optionsOf(other), key }).save();
    const moving = batch.save({ storage: other.storage });
    await expect(moving).rejects.toMatchObject({ code: "storage_conflict" });
  });

  it("through another handle on the same place changes nothing", async () => {
    const world = openWorld();
    const batch = await started(world);
    await batch.save({ storage: { ...world.storage } });
    await batch.wait();
    expect((await batch.getResults()).successful).toHaveLength(2);
    expect(await (await TestBatch.load(batch.id, optionsOf(world))).getStatus()).toBe("completed");
  });

  it("stores a batch that was not stored yet there, and only there", async () => {
    const world = openWorld();
    const target = memoryStorage();
    const batch = new TestBatch(await linesFile([chatLine("a")]), optionsOf(world));
    await batch.save({ storage: target });
    expect(await keysOf(world.storage)).toEqual([]);
    await batch.start();
    expect(await batch.wait()).toBe("completed");
  });
});
