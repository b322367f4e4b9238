import { LangBatchError } from "@langbatch/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { ClaudeCompletion } from "../src/claude-completion.js";
import type { MessageParams, UserBlock } from "../src/message-params.js";
import { toMessageParams } from "../src/request-convert.js";
import { toChatResult } from "../src/result-convert.js";
import { conversation, input, type Said, text } from "./support/conversations.js";

const model = "claude-sonnet-5-5";
/** Everything that the parameters say, in their order. */
function saidIn({ system: top = [], messages }: MessageParams): readonly Said[] {
  const turns = messages.flatMap(({ role, content }) => saidInContent(role, content));
  return [...saidInContent("system", top), ...turns];
}

type Block = Exclude<MessageParams["messages"][number]["content"], string>[number];

function saidInContent(speaker: string, content: string | readonly Block[]): readonly Said[] {
  if (typeof content === "string") return [[speaker, "text", content]];
  return content.map((block): Said => [speaker, ...saidInBlock(block)]);
}

function saidInBlock(block: Block | UserBlock): readonly [what: string, value: unknown] {
  if (block.type === "text") return ["text", block.text];
  if (block.type === "image") return ["image", block.source];
  if (block.type === "tool_use") {
    return ["call", { id: block.id, name: block.name, input: block.input }];
  }
  if (block.type !== "tool_result") return ["nothing that was said", block];
  const said = saidInContent("tool", block.content ?? []);
  return ["result", { id: block.tool_use_id, said }];
}

it("sends all that was said, in its order, and nothing else", () => {
  fc.assert(
    fc.property(conversation, ({ messages, said, turns }) => {
      const params = toMessageParams({ model, messages });
      expect(saidIn(params)).toEqual(said);
      expect(params.messages).toHaveLength(turns);
      const fields = ["model", "max_tokens", "messages", "system"];
      expect(fields).toEqual(expect.arrayContaining(Object.keys(params)));
    }),
  );
});

const thought = fc.oneof(
  fc.record({ type: fc.constant("thinking"), thinking: fc.string(), signature: fc.base64String() }),
  fc.record({ type: fc.constant("redacted_thinking"), data: fc.base64String() }),
);
const spoken = fc.record({
  type: fc.constant("text"),
  text: fc.string(),
  citations: fc.constant(null),
});
const toolUse = fc.record({ type: fc.constant("tool_use"), id: fc.uuid(), name: text, input });

it("takes its own answers back as the blocks that they were", () => {
  fc.assert(
    fc.property(
      fc.array(thought, { maxLength: 3 }),
      fc.array(spoken, { maxLength: 3 }),
      fc.array(toolUse, { maxLength: 3 }),
      fc.constantFrom("end_turn", "tool_use", "max_tokens", "refusal", null),
      (thoughts, texts, tools, stop_reason) => {
        const joined = texts.map((block) => block.text).join("");
        const said = joined === "" ? [] : [{ type: "text", text: joined }];
        const blocks = [...thoughts, ...said, ...tools];
        // A refusal without a text goes back as its reason, and an empty answer not at all.
        fc.pre(blocks.length > 0 && (stop_reason !== "refusal" || joined !== ""));
        const content = [...thoughts, ...texts, ...tools];
        const line = {
          custom_id: "a",
          result: { type: "succeeded", message: { id: "m", model, content, stop_reason } },
        };
        const completion = toChatResult(line)?.response?.body as ClaudeCompletion;
        const messages = [{ role: "user", content: "x" }, completion.choices[0]?.message];
        const sent = toMessageParams({ model, messages }).messages[1]?.content;
        expect(typeof sent === "string" ? [{ type: "text", text: sent }] : sent).toEqual(blocks);
      },
    ),
  );
});

/** The fields that may pass, of a body and of a message. */
const knownFields: ReadonlySet<string> = new Set(
  `model messages max_completion_tokens max_tokens temperature top_p stop tools tool_choice
  parallel_tool_calls response_format reasoning_effort thinking user safety_identifier cache_control n
  frequency_penalty presence_penalty logprobs top_logprobs logit_bias stream store modalities
  service_tier verbosity metadata role content refusal tool_calls tool_call_id thinking_blocks
  reasoning_content annotations`.split(/\s+/),
);

it("refuses every field that it does not know, by its name", () => {
  const name = fc.string({ minLength: 1, maxLength: 90 }).filter((each) => !knownFields.has(each));
  const value = fc.jsonValue().filter((each) => each !== null);
  const place = fc.constantFrom("body", "body.messages[0]");
  fc.assert(
    fc.property(name, value, place, (field, given, path) => {
      const isOfBody = path === "body";
      const message = { role: "user", content: "x", ...(!isOfBody && { [field]: given }) };
      const body = { model, messages: [message], ...(isOfBody && { [field]: given }) };
      const refused = catchOf(() => toMessageParams(body));
      if (!LangBatchError.is(refused, "invalid_request")) throw refused;
      expect(refused.problems?.[0]?.code).toBe("unsupported_field");
      expect(refused.message).toContain(`\`${path}.${field}\``);
    }),
  );
});

function catchOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
