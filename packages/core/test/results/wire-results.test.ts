import type { WireFormat } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { inputFile } from "../support/files.js";
import {
  chatLine,
  openWorld,
  optionsOf,
  resultLine,
  TestBatch,
  type World,
} from "../support/world.js";

/** Requests as they are but for their ids; results in an envelope of the provider's own. */
const enveloped: WireFormat = {
  encode: ({ request, wireId }) => Buffer.from(JSON.stringify({ ...request, custom_id: wireId })),
  decode(line) {
    const { for: id, what } = JSON.parse(Buffer.from(line).toString("utf8"));
    return id === undefined ? undefined : { ...what, custom_id: id };
  },
};

function openEnvelopeWorld(change: (lines: string[]) => string[] = (lines) => lines): World {
  const world = openWorld();
  world.traits.wire = enveloped;
  world.traits.wireId = /^[A-Za-z0-9]{1,64}$/;
  world.provider.results = async function* ({ id }) {
    const job = world.jobs.find((known) => known.id === id);
    const ids = (job?.lines ?? []).map((line) => JSON.parse(line).custom_id);
    const lines = ids.toReversed().map((wireId, at) => {
      const what = resultLine(wireId, at !== 0);
      return JSON.stringify({ for: wireId, what });
    });
    yield Buffer.from(change(lines).join("\n"));
  };
  return world;
}

async function run(world: World, ids: readonly string[]): Promise<TestBatch> {
  const file = await inputFile(ids.map((id) => `${JSON.stringify(chatLine(id))}\n`).join(""));
  const batch = new TestBatch(file, optionsOf(world));
  await batch.start();
  await batch.wait();
  return batch;
}

async function straysOf({ storage }: World, id: string): Promise<string> {
  let text = "";
  for await (const chunk of storage.readBlob(`blobs/${id}/0/0/strays-0`))
    text += Buffer.from(chunk);
  return text;
}

describe("results in a format of the provider's own", () => {
  it("come home as OpenAI lines, under the user's ids, in input order", async () => {
    const world = openEnvelopeWorld();
    const batch = await run(world, ["ö", "b", "c"]);
    const { successful, unsuccessful } = await batch.getResults();
    expect(successful.map(({ custom_id }) => custom_id)).toEqual(["ö", "b"]);
    expect(successful[0]?.choices).toHaveLength(1);
    expect(unsuccessful.map(({ custom_id }) => custom_id)).toEqual(["c"]);
  });

  it("keep what is no result, or nobody's, as it came", async () => {
    const foreign = JSON.stringify({ for: "nobodyR0N0", what: resultLine("nobodyR0N0") });
    const world = openEnvelopeWorld((lines) => ["{broken", "{}", foreign, ...lines]);
    const batch = await run(world, ["a", "b"]);
    expect((await batch.getResults()).successful).toHaveLength(1);
    const strays = (await straysOf(world, batch.id)).split("\n");
    expect(strays.slice(0, 2)).toEqual(["{broken", "{}"]);
    expect(strays[2]).toContain('"custom_id":"nobodyR0N0"');
  });

  it("are missing where they are another round's", async () => {
    const world = openEnvelopeWorld((lines) => lines.map((line) => line.replaceAll("R0N", "R1N")));
    const batch = await run(world, ["a", "b"]);
    const { unsuccessful } = await batch.getResults();
    expect(unsuccessful.map(({ error }) => error.code)).toEqual(["missing", "missing"]);
  });

  it("need the format they were planned with, and stay where they are without it", async () => {
    const world = openEnvelopeWorld();
    const file = await inputFile(`${JSON.stringify(chatLine("a"))}\n`);
    const batch = new TestBatch(file, optionsOf(world));
    await batch.start();
    await world.ports.sleep(100_000);
    delete world.traits.wire;
    await expect(batch.getResults()).rejects.toMatchObject({ code: "version_unsupported" });
    world.traits.wire = enveloped;
    expect(await batch.wait()).toBe("completed");
  });
});
