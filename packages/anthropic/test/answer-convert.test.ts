import { expect, it } from "vitest";
import { toChatCompletion } from "../src/answer-convert.js";
import type { ClaudeCompletion } from "../src/claude-completion.js";

const text = { type: "text", text: "damage", citations: null };

function completionOf(fields: object): ClaudeCompletion {
  const message = {
    id: "msg_1",
    model: "claude-sonnet-5-5",
    content: [text],
    usage: {},
    ...fields,
  };
  const completion = toChatCompletion({ stop_reason: "end_turn", stop_sequence: null, ...message });
  if (!completion) throw new Error("It is no message.");
  return completion;
}

function choiceOf(fields: object): ClaudeCompletion["choices"][number] {
  const [choice] = completionOf(fields).choices;
  if (!choice) throw new Error("There is no choice.");
  return choice;
}

it.each([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["pause_turn", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool_calls"],
  ["refusal", "content_filter"],
  ["something_new", "stop"],
  [null, "stop"],
])("that stopped for %s finished for %s, and keeps Claude's word", (stop_reason, finish_reason) => {
  expect(choiceOf({ stop_reason })).toMatchObject({ stop_reason, finish_reason });
});

it("says which stop sequence it came to", () => {
  const stopped = { stop_reason: "stop_sequence", stop_sequence: "END" };
  expect(choiceOf(stopped)).toMatchObject(stopped);
  expect(choiceOf({})).not.toHaveProperty("stop_sequence");
});

it("joins its texts, and has none where there is no text block", () => {
  expect(choiceOf({ content: [text, { ...text, text: "!" }] }).message.content).toBe("damage!");
  expect(choiceOf({ content: [] }).message).toEqual({
    role: "assistant",
    content: null,
    refusal: null,
  });
  expect(choiceOf({ content: [{ ...text, text: "" }] }).message.content).toBe("");
});

it("has the calls of its tools, with their input as JSON", () => {
  const content = [
    text,
    { type: "tool_use", id: "1", name: "f", input: { a: [1, "é"] }, caller: { type: "direct" } },
    { type: "tool_use", id: "2", name: "g", input: {} },
  ];
  expect(choiceOf({ content }).message).toEqual({
    role: "assistant",
    content: "damage",
    refusal: null,
    tool_calls: [
      { id: "1", type: "function", function: { name: "f", arguments: '{"a":[1,"é"]}' } },
      { id: "2", type: "function", function: { name: "g", arguments: "{}" } },
    ],
  });
});

it("has its thoughts, readable and as they came", () => {
  const thinking_blocks = [
    { type: "thinking", thinking: "Hm.", signature: "s1" },
    { type: "redacted_thinking", data: "x" },
    { type: "thinking", thinking: "", signature: "s2" },
    { type: "thinking", thinking: "Ah.", signature: "s3" },
  ];
  const said = choiceOf({ content: [...thinking_blocks, text] }).message;
  expect(said).toEqual({
    role: "assistant",
    content: "damage",
    refusal: null,
    reasoning_content: "Hm.\n\nAh.",
    thinking_blocks,
  });
  const hidden = choiceOf({ content: [thinking_blocks[1], text] }).message;
  expect(hidden).not.toHaveProperty("reasoning_content");
});

it("has all blocks where one says more than a chat message can", () => {
  const search = { type: "server_tool_use", id: "1", name: "web_search", input: {} };
  const cited = { ...text, citations: [{ type: "char_location", cited_text: "x" }] };
  for (const content of [[search, text], [cited], ["new"], [{ type: "new" }]]) {
    expect(choiceOf({ content }).message.content_blocks).toEqual(content);
  }
  for (const content of [[text], [{ ...text, citations: [] }]]) {
    expect(choiceOf({ content }).message).not.toHaveProperty("content_blocks");
  }
});

it("says why it is a refusal", () => {
  const why = (stop_details: unknown, content: unknown = []) =>
    choiceOf({ stop_reason: "refusal", stop_details, content }).message.refusal;
  expect(why({ explanation: "Too hot.", category: "cyber" })).toBe("Too hot.");
  expect(why({ explanation: null, category: "cyber" })).toBe("cyber");
  expect(why({ explanation: null, category: null }, [text])).toBe("damage");
  expect(why(null)).toBe("refused");
  expect(choiceOf({ stop_details: { explanation: "x" } }).message.refusal).toBeNull();
});

it("counts cached tokens to the prompt, and nulls as 0", () => {
  const usage = {
    input_tokens: 1,
    cache_creation_input_tokens: 10,
    cache_read_input_tokens: 100,
    output_tokens: 1000,
    output_tokens_details: { thinking_tokens: 7 },
    service_tier: null,
  };
  expect(completionOf({ usage }).usage).toEqual({
    prompt_tokens: 111,
    completion_tokens: 1000,
    total_tokens: 1111,
    prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 10 },
    completion_tokens_details: { reasoning_tokens: 7 },
  });
  expect(completionOf({ usage })).not.toHaveProperty("service_tier");
  const nulls = {
    ...usage,
    cache_creation_input_tokens: null,
    cache_read_input_tokens: null,
    output_tokens_details: null,
  };
  expect(completionOf({ usage: nulls }).usage).toEqual({
    prompt_tokens: 1,
    completion_tokens: 1000,
    total_tokens: 1001,
    prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
  });
  expect(completionOf({ usage: undefined })).not.toHaveProperty("usage");
});
