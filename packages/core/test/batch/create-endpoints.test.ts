import {
  Batch,
  type BatchParts,
  type Completions,
  completions,
  type Embeddings,
  embeddings,
  type Moderations,
  memoryStorage,
  moderations,
  type Responses,
  responses,
} from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { bodiesSent, linesSent, openWorld, optionsOf, type World } from "../support/world.js";

type Kwargs = { readonly world: World };
const provider = (kwargs?: Kwargs) => (kwargs as Kwargs).world.provider;

class EmbeddingBatch extends Batch<Embeddings, Kwargs> {
  static readonly parts: BatchParts<Embeddings, Kwargs> = {
    endpoint: embeddings,
    provider,
    storage: memoryStorage,
  };
}
class ResponsesBatch extends Batch<Responses, Kwargs> {
  static readonly parts: BatchParts<Responses, Kwargs> = {
    endpoint: responses,
    provider,
    storage: memoryStorage,
  };
}
class CompletionBatch extends Batch<Completions, Kwargs> {
  static readonly parts: BatchParts<Completions, Kwargs> = {
    endpoint: completions,
    provider,
    storage: memoryStorage,
  };
}
class ModerationBatch extends Batch<Moderations, Kwargs> {
  static readonly parts: BatchParts<Moderations, Kwargs> = {
    endpoint: moderations,
    provider,
    storage: memoryStorage,
  };
}

const model = "test-model";

describe("create of other endpoints", () => {
  it("takes texts, lists of texts and bodies for embeddings", async () => {
    const world = openWorld();
    const options = { ...optionsOf(world), requestKwargs: { model, dimensions: 4 } };
    const batch = await EmbeddingBatch.create(
      ["a", ["b", "c"], { input: "d", dimensions: 8 }],
      options,
    );
    expect(await bodiesSent(world, batch)).toEqual([
      { model, dimensions: 4, input: "a" },
      { model, dimensions: 4, input: ["b", "c"] },
      { model, dimensions: 8, input: "d" },
    ]);
  });

  it("takes texts, input lists and bodies for responses", async () => {
    const world = openWorld();
    const input = [{ role: "user", content: "b" }];
    const options = { ...optionsOf(world), requestKwargs: { model } };
    const batch = await ResponsesBatch.create(
      ["a", input, { input: "c", instructions: "short" }],
      options,
    );
    expect(await bodiesSent(world, batch)).toEqual([
      { model, input: "a" },
      { model, input },
      { model, input: "c", instructions: "short" },
    ]);
  });

  it("takes prompts for completions, and texts for moderations", async () => {
    const world = openWorld();
    const options = { ...optionsOf(world), requestKwargs: { model } };
    expect(
      await bodiesSent(world, await CompletionBatch.create(["a", { prompt: "b" }], options)),
    ).toEqual([
      { model, prompt: "a" },
      { model, prompt: "b" },
    ]);
    await (await ModerationBatch.create(["c", ["d", "e"]], options)).start();
    expect(
      linesSent(world)
        .slice(2)
        .map(({ body }) => body),
    ).toEqual([
      { model, input: "c" },
      { model, input: ["d", "e"] },
    ]);
  });

  it.each([
    [EmbeddingBatch, { input: "" }, "missing_input"],
    [ResponsesBatch, { input: [] }, "missing_input"],
    [CompletionBatch, { prompt: "" }, "missing_prompt"],
    [ModerationBatch, { input: [] }, "missing_input"],
  ])("refuses an empty body for %o", async (Class, item, code) => {
    const creating = (Class as typeof EmbeddingBatch).create([item as { input: string }], {
      ...optionsOf(openWorld()),
      requestKwargs: { model },
    });
    await expect(creating).rejects.toMatchObject({ problems: [{ code }] });
  });
});
