import { describe, expect, it } from "vitest";
import { inputFile } from "../support/files.js";
import { chatLine, openWorld, optionsOf, TestBatch, type World } from "../support/world.js";

type Options = NonNullable<ConstructorParameters<typeof TestBatch>[1]>;

const ids = ["a", "b", "c", "d", "e", "f"];
const text = ids.map((id) => `${JSON.stringify(chatLine(id))}\n`).join("");
/** Every line of it is as long, line end included. */
const lineBytes = text.length / ids.length;
const lineTokens = Math.ceil((lineBytes - 1) / 4);

describe("the limits of a stored batch", () => {
  async function failed(world: World, options: Partial<Options>): Promise<string> {
    world.end = () => "fail";
    const batch = new TestBatch(await inputFile(text), { ...optionsOf(world), ...options });
    await batch.start();
    await batch.wait();
    world.jobs.length = 0;
    return batch.id;
  }

  async function repacked(world: World, id: string, options: Partial<Options>) {
    const batch = await TestBatch.load(id, { ...optionsOf(world), ...options });
    const before = world.jobs.length;
    await batch.retry();
    await batch.wait();
    return world.jobs.slice(before).map(({ lines }) => lines.length);
  }

  it("hold for a retry in another process, unless that says something else", async () => {
    const world = openWorld();
    const id = await failed(world, { maxRequestsPerJob: 4 });
    expect(await repacked(world, id, {})).toEqual([4, 2]);
    expect(await repacked(world, id, { maxRequestsPerJob: 3 })).toEqual([3, 3]);
    expect(await repacked(world, id, { maxBytesPerJob: lineBytes * 2 })).toEqual([2, 2, 2]);
    expect(await repacked(world, id, {})).toEqual([4, 2]);
  });

  it("hold for bytes and tokens alike", async () => {
    const bytes = openWorld();
    const first = await failed(bytes, { maxBytesPerJob: lineBytes * 5 });
    expect(await repacked(bytes, first, {})).toEqual([5, 1]);
    const tokens = openWorld();
    const second = await failed(tokens, { maxTokensPerJob: 3 * lineTokens });
    expect(await repacked(tokens, second, {})).toEqual([3, 3]);
    expect(await repacked(tokens, second, { estimateTokens: () => 3 * lineTokens })).toHaveLength(
      6,
    );
  });

  it("hold for what `create` makes", async () => {
    const world = openWorld();
    const batch = await TestBatch.create(["x", "y", "z"], {
      ...optionsOf(world),
      maxRequestsPerJob: 2,
      requestKwargs: { model: "m" },
    });
    await (await TestBatch.load(batch.id, optionsOf(world))).start();
    expect(world.jobs.map(({ lines }) => lines.length)).toEqual([2, 1]);
  });

  it("are not those of a job that is taken over, but of its retry", async () => {
    const world = openWorld();
    await new TestBatch(await inputFile(text), optionsOf(world)).start();
    world.end = () => "fail";
    const other = { ...world, storage: openWorld().storage };
    const options = { ...optionsOf(other), maxRequestsPerJob: 4, maxBytesPerJob: 1 };
    const batch = await TestBatch.adopt("job-1", { ...options, file: await inputFile(text) });
    await batch.wait();
    expect(await repacked(other, batch.id, { maxBytesPerJob: 100_000 })).toEqual([4, 2]);
  });
});
