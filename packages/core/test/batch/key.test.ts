import { memoryStorage } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { inputFile, keysOf, linesFile } from "../support/files.js";
import { chatLine, openWorld, optionsOf, TestBatch } from "../support/world.js";

const three = [chatLine("a"), chatLine("b"), chatLine("c")];

describe("a key", () => {
  it("with the same input attaches, in any process, and pays once", async () => {
    const world = openWorld();
    const options = { ...optionsOf(world), key: "nightly-2026-01-01" };
    const file = await linesFile(three);
    const batch = new TestBatch(file, options);
    await batch.start();
    await batch.wait();
    const again = new TestBatch(file, options);
    expect(again.id).toBe(batch.id);
    await again.start();
    expect((await again.getResults()).successful).toHaveLength(3);
    expect(world.jobs).toHaveLength(1);
  });

  it("with another input is an error, for files and for items", async () => {
    const world = openWorld();
    const options = { ...optionsOf(world), key: "k", requestKwargs: { model: "m" } };
    await new TestBatch(await linesFile(three), options).start();
    const other = new TestBatch(await linesFile(three.slice(1)), options);
    await expect(other.start()).rejects.toMatchObject({ code: "wrong_input" });
    await expect(TestBatch.create(["x"], options)).rejects.toMatchObject({ code: "wrong_input" });
    expect(world.jobs).toHaveLength(1);
  });

  it("may be used again once a broken input is mended", async () => {
    const world = openWorld();
    const options = { ...optionsOf(world), key: "k" };
    await expect(new TestBatch(await inputFile("{bad\n"), options).start()).rejects.toMatchObject({
      code: "invalid_request",
    });
    await new TestBatch(await linesFile(three), options).start();
    expect(world.jobs).toHaveLength(1);
  });

  it("used by two processes at once is planned once and paid once", async () => {
    const world = openWorld(memoryStorage());
    const options = { ...optionsOf(world), key: "k" };
    const file = await linesFile(three);
    const starts = [1, 2, 3].map(() => new TestBatch(file, options).start());
    await Promise.all(starts);
    expect(world.jobs).toHaveLength(1);
    const batch = new TestBatch(file, options);
    await batch.start();
    expect(await batch.wait()).toBe("completed");
    const inputs = (await keysOf(world.storage)).filter((key) => key.endsWith("/input"));
    expect(inputs).toHaveLength(1);
  });

  it("that is empty is an error", () => {
    expect(() => new TestBatch("a.jsonl", { ...optionsOf(openWorld()), key: "" })).toThrow(
      expect.objectContaining({ code: "invalid_option" }),
    );
  });
});
