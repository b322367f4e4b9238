import type { WireFormat } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { inputFile } from "../support/files.js";
import { chatLine, openWorld, optionsOf, TestBatch, type World } from "../support/world.js";

/** One document a job, in which each request has only its id. */
const documents: WireFormat = {
  frame: ['{"requests":[', ",", "]}"],
  encode: ({ wireId }) => Buffer.from(JSON.stringify({ id: wireId })),
};

function openDocumentWorld(): World {
  const world = openWorld();
  world.traits.wire = documents;
  world.traits.wireId = /^[A-Za-z0-9]{1,64}$/;
  return world;
}

async function start(world: World, ids: readonly string[], more: object = {}): Promise<TestBatch> {
  const file = await inputFile(ids.map((id) => `${JSON.stringify(chatLine(id))}\n`).join(""));
  const batch = new TestBatch(file, { ...optionsOf(world), ...more });
  await batch.start();
  return batch;
}

/** What was sent for each job. */
function documentsOf(world: World): string[] {
  return world.jobs.map(({ lines }) => lines.join("\n"));
}

const manyIds = Array.from({ length: 40 }, (_, at) => `request ${at}`);

describe("a wire format with a frame", () => {
  it("makes one document of each job, under ids that go on through the round", async () => {
    const world = openDocumentWorld();
    await start(world, manyIds, { maxRequestsPerJob: 39 });
    const [first = "", second = ""] = documentsOf(world);
    const nonce = world.jobs[0]?.tag.split("-")[1];
    const ids = JSON.parse(first).requests.map(({ id }: { id: string }) => id);
    expect(ids).toHaveLength(39);
    expect([ids[0], ids[10], ids[38]]).toEqual([`${nonce}R0N0`, `${nonce}R0Na`, `${nonce}R0N12`]);
    expect(second).toBe(`{"requests":[{"id":"${nonce}R0N13"}]}`);
  });

  it("counts its frame and separators for the bytes of a job", async () => {
    const sizes = async (more: object) => {
      const world = openDocumentWorld();
      await start(world, ["a", "b", "c"], more);
      return documentsOf(world).map((document) => document.length);
    };
    const [whole = 0] = await sizes({});
    // A separator is counted after the last request, too: at most so much is left unused.
    expect(await sizes({ maxBytesPerJob: whole + 1 })).toEqual([whole]);
    const cut = await sizes({ maxBytesPerJob: whole - 1 });
    expect(cut).toHaveLength(2);
    for (const size of cut) expect(size).toBeLessThanOrEqual(whole - 1);
  });

  it("takes ids that the provider would not, which never leave", async () => {
    const world = openDocumentWorld();
    const batch = await start(world, ["ö ✓", "x".repeat(500)]);
    expect(documentsOf(world).join("")).not.toMatch(/ö|xxx/);
    expect(await batch.getRequestsByCustomIds(["ö ✓"])).toMatchObject([{ custom_id: "ö ✓" }]);
  });

  it("still refuses an id twice", async () => {
    const world = openDocumentWorld();
    await expect(start(world, ["a", "a"])).rejects.toMatchObject({
      problems: [{ line: 2, code: "duplicate_custom_id" }],
    });
  });

  it("refuses a request that is too large for any job with its frame around it", async () => {
    const world = openDocumentWorld();
    world.traits.maxBytes = 40;
    const refusal = { problems: [{ line: 1, code: "line_too_large" }] };
    await expect(start(world, ["a"])).rejects.toMatchObject(refusal);
  });
});
