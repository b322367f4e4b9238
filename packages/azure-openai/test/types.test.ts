import type { ContainerClient } from "@azure/storage-blob";
import type { AzureOpenAI } from "openai";
import { AzureOpenAI as AzureOpenAI7 } from "openai-7";
import { expectTypeOf, it } from "vitest";
import {
  AzureOpenAIChatCompletionBatch,
  type AzureOpenAIOptions,
  type BlobContainer,
  type ContentFilterResults,
} from "../src/index.js";

it("takes the clients and the containers of Azure's own packages as they are", () => {
  expectTypeOf<AzureOpenAI>().toExtend<NonNullable<AzureOpenAIOptions["client"]>>();
  expectTypeOf<ContainerClient>().toExtend<BlobContainer>();
  expectTypeOf(AzureOpenAI7).instance.toHaveProperty("batches");
});

it("gives its own type back, and choices that say what the filter found", () => {
  const load = () => AzureOpenAIChatCompletionBatch.load("batch");
  expectTypeOf<Awaited<ReturnType<typeof load>>>().toEqualTypeOf<AzureOpenAIChatCompletionBatch>();
  const results = async () => (await load()).getResults();
  type Choice = Awaited<ReturnType<typeof results>>["successful"][number]["choices"][number];
  expectTypeOf<Choice["content_filter_results"]>().toEqualTypeOf<
    ContentFilterResults | undefined
  >();
});
