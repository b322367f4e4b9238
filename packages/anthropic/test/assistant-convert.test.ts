import { expect, it } from "vitest";
import { toConversation } from "../src/message-convert.js";
import { refusalOf as refusalFor } from "./support/refusal-of.js";

const cache_control = { type: "ephemeral" };

/** Code and message of the refusal. */
function refusalOf(message: object): string {
  return refusalFor(() => toConversation([message]));
}

/** What is sent of a message. */
function sentOf(message: object): unknown {
  return toConversation([message]).messages[0]?.content;
}

function call(id: string, args = "{}"): object {
  return { id, type: "function", function: { name: "f", arguments: args } };
}

it("sends text before the tools that are called", () => {
  expect(
    sentOf({ role: "assistant", content: "So:", tool_calls: [call("1", '{"a":[1]}')] }),
  ).toEqual([
    { type: "text", text: "So:" },
    { type: "tool_use", id: "1", name: "f", input: { a: [1] } },
  ]);
  expect(sentOf({ role: "assistant", tool_calls: [call("1", "")], cache_control })).toEqual([
    { type: "tool_use", id: "1", name: "f", input: {}, cache_control },
  ]);
});

it("refuses tool calls that Claude cannot take", () => {
  const withCall = (tool_call: unknown) =>
    refusalOf({ role: "assistant", content: "x", tool_calls: [tool_call] });
  for (const args of ["[1]", "{", "1", "null"]) {
    expect(withCall(call("1", args))).toContain(
      "invalid_tool: `body.messages[0].tool_calls[0].function.arguments` is",
    );
  }
  expect(withCall({ id: "1", type: "custom", custom: {} })).toContain("calls of functions only");
  expect(withCall({ ...call("1"), id: undefined })).toContain(
    "`body.messages[0].tool_calls[0].id`",
  );
  expect(withCall({ ...call("1"), function: null })).toContain("tool_calls[0].function`");
  expect(withCall({ ...call("1"), extra: 1 })).toContain("tool_calls[0].extra`");
  expect(refusalOf({ role: "assistant", content: "x", tool_calls: {} })).toContain("send a list");
});

it("sends a refusal as text, where it is all that was said", () => {
  const refused = [{ type: "refusal", refusal: "I cannot." }];
  expect(sentOf({ role: "assistant", content: refused })).toBe("I cannot.");
  expect(sentOf({ role: "assistant", content: null, refusal: "I cannot." })).toBe("I cannot.");
  expect(sentOf({ role: "assistant", content: "Half.", refusal: "I cannot." })).toBe("Half.");
});

it("sends the thoughts of our results back first, as they came", () => {
  const thinking_blocks = [
    { type: "thinking", thinking: "Hm.", signature: "c2ln", later: true },
    { type: "redacted_thinking", data: "x" },
  ];
  const message = {
    role: "assistant",
    content: "Yes.",
    reasoning_content: "Hm.",
    thinking_blocks,
  };
  expect(sentOf(message)).toEqual([...thinking_blocks, { type: "text", text: "Yes." }]);
});

it("refuses thoughts that Claude would not take back", () => {
  expect(refusalOf({ role: "assistant", content: "x", reasoning_content: "Hm." })).toContain(
    "unsupported_field: `body.messages[0].reasoning_content` has no signature",
  );
  const thinking_blocks = [{ type: "text", text: "Hm." }];
  expect(refusalOf({ role: "assistant", content: "x", thinking_blocks })).toContain(
    "`body.messages[0].thinking_blocks` is no list of Claude's thinking blocks",
  );
  const thoughts = { thinking_blocks: [{ type: "redacted_thinking", data: "x" }] };
  expect(refusalOf({ role: "assistant", ...thoughts, cache_control })).toContain("on a thought");
});

it("lets pass what OpenAI's answers have and does not matter", () => {
  const message = {
    role: "assistant",
    content: "Hi",
    annotations: [],
    audio: null,
    function_call: null,
    refusal: null,
    reasoning_content: null,
  };
  expect(sentOf(message)).toBe("Hi");
  expect(refusalOf({ ...message, annotations: [{}] })).toContain("`body.messages[0].annotations`");
  expect(refusalOf({ ...message, content_blocks: [] })).toContain("/v1/messages");
  const image = { type: "image_url", image_url: { url: "https://a.example/b.png" } };
  expect(refusalOf({ ...message, content: [image] })).toContain(
    "put the image into a user message",
  );
});
