import { expect, it } from "vitest";
import { chatLine, openWorld, optionsOf, TestBatch } from "../support/world.js";

const three = [chatLine("a"), chatLine("b"), chatLine("c")] as never[];

it("a storage that was restored from a copy does not create again what was created since", async () => {
  const world = openWorld();
  const { storage } = world;
  let copy: Uint8Array | undefined;
  const copied: typeof storage = {
    ...storage,
    async writeRecord(key, value, options) {
      // The copy is made between the upload and the create.
      if (Buffer.from(value).includes('"state":"uploaded"')) copy = value;
      return storage.writeRecord(key, value, options);
    },
  };
  const batch = await TestBatch.createFromRequests(three, { ...optionsOf(world), storage: copied });
  await batch.start();
  const key = `jobs/${batch.id}/0/0`;
  const newest = await storage.readRecord(key);
  await storage.writeRecord(key, copy ?? new Uint8Array(), { expected: newest?.revision ?? null });

  const restored = await TestBatch.load(batch.id, optionsOf(world));
  await restored.start();
  expect(await restored.wait()).toBe("completed");
  expect(world.jobs).toHaveLength(1);
  expect((await restored.getResults()).successful).toHaveLength(3);
});
