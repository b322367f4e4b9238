import type { MessageCreateParamsNonStreaming } from "@anthropic-ai/sdk/resources/messages/messages";
import type { MessageCreateParamsNonStreaming as MessageCreateParamsNonStreaming0 } from "anthropic-0/resources/messages/messages";
import { expectTypeOf, it } from "vitest";
import type { MessageParams } from "../src/message-params.js";

/** The SDK declares its lists as changeable, which ours are not. */
type Changeable<Value> = Value extends readonly (infer Item)[]
  ? Changeable<Item>[]
  : Value extends object
    ? { -readonly [Key in keyof Value]: Changeable<Value[Key]> }
    : Value;

it("builds what both versions of the SDK take", () => {
  expectTypeOf<Changeable<MessageParams>>().toExtend<MessageCreateParamsNonStreaming>();
  expectTypeOf<Changeable<MessageParams>>().toExtend<MessageCreateParamsNonStreaming0>();
  type Unlimited = Changeable<Omit<MessageParams, "max_tokens">>;
  expectTypeOf<Unlimited>().not.toExtend<MessageCreateParamsNonStreaming>();
  expectTypeOf<Unlimited>().not.toExtend<MessageCreateParamsNonStreaming0>();
});
