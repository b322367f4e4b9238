import type {
  BatchResults,
  ChatCompletionChoice,
  ChatCompletionItem,
  ChatCompletions,
  EmbeddingItem,
  Embeddings,
  Responses,
  ResponsesItem,
} from "@langbatch/core";
import {
  OpenAIChatCompletionBatch,
  type OpenAIEmbeddingBatch,
  type OpenAIModerationBatch,
  type OpenAIResponsesBatch,
} from "@langbatch/openai";
import type OpenAI from "openai";
import type OpenAI7 from "openai-7";
import { describe, expectTypeOf, it } from "vitest";

describe("types, without the user writing one", () => {
  it("of results are those of the endpoint", () => {
    type Results<Batch extends { getResults(): Promise<unknown> }> = Awaited<
      ReturnType<Batch["getResults"]>
    >;
    type Chat = Results<OpenAIChatCompletionBatch>;
    expectTypeOf<Chat>().toEqualTypeOf<BatchResults<ChatCompletions>>();
    expectTypeOf<Chat["successful"][number]["choices"]>().toEqualTypeOf<
      readonly ChatCompletionChoice[]
    >();
    expectTypeOf<Chat["successful"][number]["error"]>().toEqualTypeOf<null>();
    type Vectors = Results<OpenAIEmbeddingBatch>["successful"][number];
    expectTypeOf<Vectors["embedding"]>().toEqualTypeOf<readonly number[]>();
    expectTypeOf<Vectors["embeddings"]>().toEqualTypeOf<readonly (readonly number[])[]>();
    type Answers = Results<OpenAIResponsesBatch>["successful"][number];
    expectTypeOf<Answers["output_text"]>().toEqualTypeOf<string>();
    type Flags = Results<OpenAIModerationBatch>["successful"][number];
    expectTypeOf<Flags["results"][number]["flagged"]>().toEqualTypeOf<boolean>();
  });

  it("of a stream are told apart by `error`", () => {
    type Result =
      ReturnType<OpenAIChatCompletionBatch["results"]> extends AsyncGenerator<infer R> ? R : never;
    const read = (result: Result) => {
      if (result.error === null) {
        expectTypeOf(result.choices).toEqualTypeOf<readonly ChatCompletionChoice[]>();
      }
      // @ts-expect-error: a failure has no choices.
      if (result.error !== null) void result.choices;
    };
    expectTypeOf(read).toBeFunction();
  });

  it("of what create and load give back are the class they are called on", () => {
    class OwnBatch extends OpenAIChatCompletionBatch {
      readonly own: boolean = true;
    }
    const make = () => OwnBatch.create(["x"]);
    const load = () => OwnBatch.load("id");
    expectTypeOf(make).returns.resolves.toEqualTypeOf<OwnBatch>();
    expectTypeOf(load).returns.resolves.toEqualTypeOf<OwnBatch>();
  });

  it("of items and kwargs take what the SDKs call theirs, in both majors", () => {
    expectTypeOf<OpenAI.ChatCompletionMessageParam[]>().toExtend<ChatCompletionItem>();
    expectTypeOf<OpenAI7.ChatCompletionMessageParam[]>().toExtend<ChatCompletionItem>();
    expectTypeOf<OpenAI.ChatCompletionCreateParamsNonStreaming>().toExtend<ChatCompletionItem>();
    expectTypeOf<OpenAI7.ChatCompletionCreateParamsNonStreaming>().toExtend<ChatCompletionItem>();
    expectTypeOf<OpenAI.EmbeddingCreateParams>().toExtend<EmbeddingItem>();
    expectTypeOf<OpenAI7.EmbeddingCreateParams>().toExtend<EmbeddingItem>();
    expectTypeOf<OpenAI.Responses.ResponseInput>().toExtend<ResponsesItem>();
    expectTypeOf<OpenAI7.Responses.ResponseInput>().toExtend<ResponsesItem>();
  });

  it("of answers are the SDK's, as far as they go", () => {
    expectTypeOf<OpenAI.ChatCompletion>().toExtend<ChatCompletions["response"]>();
    expectTypeOf<OpenAI7.ChatCompletion>().toExtend<ChatCompletions["response"]>();
    expectTypeOf<OpenAI.CreateEmbeddingResponse>().toExtend<Embeddings["response"]>();
    expectTypeOf<OpenAI7.Responses.Response>().toExtend<Responses["response"]>();
  });

  it("of kwargs know the body's fields, and let new ones pass", () => {
    const make = (temperature: number) =>
      OpenAIChatCompletionBatch.create(["x"], {
        requestKwargs: { model: "m", temperature, a_field_of_tomorrow: true },
      });
    expectTypeOf(make).toBeFunction();
    const wrong = () =>
      OpenAIChatCompletionBatch.create(["x"], {
        // @ts-expect-error: a temperature is a number.
        requestKwargs: { model: "m", temperature: "hot" },
      });
    expectTypeOf(wrong).toBeFunction();
    // @ts-expect-error: a number is no item.
    const item = () => OpenAIChatCompletionBatch.create([7]);
    expectTypeOf(item).toBeFunction();
  });
});
