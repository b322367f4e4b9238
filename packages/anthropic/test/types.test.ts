import type Anthropic from "@anthropic-ai/sdk";
import type { BatchClass } from "@langbatch/core";
import { describe, expectTypeOf, it } from "vitest";
import {
  AnthropicChatCompletionBatch,
  AnthropicMessageBatch,
  type AnthropicOptions,
  type ClaudeChatCompletions,
  type ClaudeMessage,
  type ClaudeMessages,
} from "../src/index.js";

type Results<Class extends { create(...args: never[]): Promise<{ getResults(): unknown }> }> =
  Awaited<ReturnType<Awaited<ReturnType<Class["create"]>>["getResults"]>>;

describe("the types of the classes", () => {
  it("show Claude's answers as what they are", () => {
    type Chat = Results<typeof AnthropicChatCompletionBatch>;
    expectTypeOf<Chat>().toHaveProperty("successful");
    expectTypeOf(AnthropicChatCompletionBatch).toMatchTypeOf<
      BatchClass<AnthropicChatCompletionBatch, ClaudeChatCompletions, AnthropicOptions>
    >();
    expectTypeOf<ClaudeMessage["content"]>().toEqualTypeOf<string | null>();
    expectTypeOf<ClaudeMessages["response"]>().toEqualTypeOf<Anthropic.Message>();
  });

  it("take what the SDK makes, and what Claude takes beside OpenAI's fields", () => {
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: "hello" }];
    // Never called: what counts is that it compiles.
    const calls = [
      () => AnthropicMessageBatch.create([{ messages, max_tokens: 8, model: "claude-sonnet-5-5" }]),
      () => AnthropicMessageBatch.create(["hello"], { requestKwargs: { max_tokens: 8 } }),
      () =>
        AnthropicChatCompletionBatch.create(["hello"], {
          requestKwargs: {
            model: "claude-sonnet-5-5",
            reasoning_effort: "low",
            thinking: { type: "adaptive" },
            cache_control: { type: "ephemeral" },
          },
        }),
      () =>
        AnthropicChatCompletionBatch.createFromRequests([
          {
            custom_id: "a",
            method: "POST",
            url: "/v1/chat/completions",
            body: {
              model: "claude-sonnet-5-5",
              messages: [{ role: "user", content: "hello" }],
              thinking: { type: "adaptive" },
            },
          },
        ]),
      // @ts-expect-error A number is no item.
      () => AnthropicMessageBatch.create([1]),
    ];
    expectTypeOf(calls).toBeArray();
  });
});
