import { describe, expect, it } from "vitest";
import { toConversation } from "../src/message-convert.js";
import { refusalOf as refusalFor } from "./support/refusal-of.js";

const user = { role: "user", content: "Hello" };
const cache_control = { type: "ephemeral" };

/** Code and message of the refusal. */
function refusalOf(...messages: readonly unknown[]): string {
  return refusalFor(() => toConversation(messages));
}

/** What is sent of the last message. */
function sentOf(message: object): unknown {
  return toConversation([message]).messages[0]?.content;
}

function call(id: string, args = "{}"): object {
  return { id, type: "function", function: { name: "f", arguments: args } };
}

function asking(...ids: readonly string[]): object {
  return { role: "assistant", content: null, tool_calls: ids.map((id) => call(id)) };
}

function result(id: string, fields: object = {}): object {
  return { role: "tool", tool_call_id: id, content: id, ...fields };
}

describe("system messages", () => {
  it("become one text where there is one", () => {
    expect(toConversation([{ role: "system", content: "Be kind." }, user])).toEqual({
      system: "Be kind.",
      messages: [user],
    });
  });

  it("are collected in their order from wherever they stand", () => {
    const messages = [
      { role: "developer", content: "1" },
      user,
      { role: "system", content: [{ type: "text", text: "2", cache_control }] },
      { role: "assistant", content: "Hi" },
      { role: "system", content: "3", cache_control },
    ];
    expect(toConversation(messages)).toEqual({
      system: [
        { type: "text", text: "1" },
        { type: "text", text: "2", cache_control },
        { type: "text", text: "3", cache_control },
      ],
      messages: [user, { role: "assistant", content: "Hi" }],
    });
  });

  it("refuse what is no text, and to be empty", () => {
    const image = { type: "image_url", image_url: { url: "https://a.example/b.png" } };
    expect(refusalOf({ role: "system", content: [image] }, user)).toBe(
      'unsupported_content: `body.messages[0].content[0].type` is "image_url", which a system message cannot hold at Claude: put the image into a user message.',
    );
    expect(refusalOf({ role: "system", content: "" }, user)).toContain("has no content");
  });

  it("need somebody to speak after them", () => {
    expect(refusalOf({ role: "system", content: "x" })).toContain(
      "invalid_message: `body.messages`",
    );
    expect(refusalOf()).toContain("invalid_message: `body.messages`");
  });
});

describe("turns", () => {
  it("stay as many as there are, with the roles user and assistant", () => {
    const messages = [user, user, { role: "assistant", content: "a" }, user];
    expect(toConversation(messages)).toEqual({ messages });
  });

  it("keep a prefilled answer at the end", () => {
    const messages = [user, { role: "assistant", content: "The answer is" }];
    expect(toConversation(messages)).toEqual({ messages });
  });

  it("lose empty texts, and may not be empty", () => {
    const parts = [
      { type: "text", text: "" },
      { type: "text", text: "a" },
    ];
    expect(sentOf({ role: "user", content: parts })).toBe("a");
    expect(refusalOf({ role: "user", content: "" })).toBe(
      "invalid_message: `body.messages[0]` has no content, and Claude refuses empty messages: leave the message out.",
    );
    expect(refusalOf({ role: "user", content: null })).toContain("has no content");
    expect(refusalOf({ role: "assistant", content: [] })).toContain("has no content");
  });

  it("refuse names, audio, old function calls, and fields that nobody knows", () => {
    expect(refusalOf({ ...user, name: "Ann" })).toContain(
      "unsupported_field: `body.messages[0].name` has no counterpart at Claude: Claude knows no names",
    );
    expect(refusalOf({ role: "assistant", audio: { id: "a" } })).toContain(
      "`body.messages[0].audio`",
    );
    expect(refusalOf({ role: "assistant", function_call: {} })).toContain(
      "send it as `tool_calls`",
    );
    expect(refusalOf({ role: "function", name: "f", content: "x" })).toContain("send `tool_calls`");
    expect(refusalOf({ ...user, made_up: 1 })).toContain("/v1/messages");
    expect(refusalOf({ role: "king", content: "x" })).toContain(
      '`body.messages[0].role` is "king"',
    );
    expect(refusalOf("x")).toContain('`body.messages[0]` is "x": send an object');
    expect(refusalOf({ role: "user", content: 1 })).toContain("`body.messages[0].content` is 1");
    expect(() => toConversation(undefined)).toThrow("`body.messages` is nothing");
  });

  it("pass fields that are null", () => {
    expect(sentOf({ ...user, name: null, audio: null })).toBe("Hello");
  });

  it("put their own cache_control on their last block, unless it has one", () => {
    const parts = [
      { type: "text", text: "a" },
      { type: "text", text: "b" },
    ];
    expect(sentOf({ role: "user", content: parts, cache_control })).toEqual([
      { type: "text", text: "a" },
      { type: "text", text: "b", cache_control },
    ]);
    const own = { type: "ephemeral", ttl: "1h" };
    const marked = [{ type: "text", text: "a", cache_control: own }];
    expect(sentOf({ role: "user", content: marked, cache_control })).toEqual(marked);
  });
});

describe("tool results", () => {
  it("form one turn in the order of the calls, which the next user message joins", () => {
    const messages = [user, asking("1", "2"), result("2"), result("1"), user, user];
    expect(toConversation(messages).messages.slice(2)).toEqual([
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "1", content: "1" },
          { type: "tool_result", tool_use_id: "2", content: "2" },
          { type: "text", text: "Hello" },
        ],
      },
      user,
    ]);
  });

  it("are one turn across a system message, and a turn alone before the next answer", () => {
    const system = { role: "system", content: "x" };
    const messages = [asking("1", "2"), result("1"), system, result("2"), asking("1"), result("1")];
    expect(toConversation(messages).messages.map(({ content }) => content.length)).toEqual([
      2, 2, 1, 1,
    ]);
  });

  it("may hold parts, images, or nothing", () => {
    const url = "https://a.example/b.png";
    const content = [
      { type: "text", text: "a", cache_control },
      { type: "image_url", image_url: { url } },
    ];
    const messages = [asking("1", "2", "3"), result("1", { content, cache_control })];
    const empty = [result("2", { content: "" }), result("3", { content: null })];
    expect(toConversation([...messages, ...empty]).messages[1]?.content).toEqual([
      {
        type: "tool_result",
        tool_use_id: "1",
        content: [
          { type: "text", text: "a", cache_control },
          { type: "image", source: { type: "url", url } },
        ],
        cache_control,
      },
      { type: "tool_result", tool_use_id: "2" },
      { type: "tool_result", tool_use_id: "3" },
    ]);
    const file = { content: [{ type: "file", file: {} }] };
    expect(refusalOf(asking("1"), result("1", file))).toContain("a tool message cannot hold");
  });

  it("refuse to answer a call that was not made right before", () => {
    expect(refusalOf(user, asking("1"), result("2"))).toBe(
      'invalid_message: `body.messages[2].tool_call_id` is "2", which is no tool call of the assistant message before: put each result right after the message that called the tool.',
    );
    expect(refusalOf(result("1"))).toContain("`body.messages[0].tool_call_id`");
    expect(refusalOf(asking("1"), user, result("1"))).toContain("`body.messages[2].tool_call_id`");
    expect(refusalOf(asking("1"), { role: "tool", content: "x" })).toContain("is nothing");
    expect(refusalOf(asking("1"), result("1", { name: "f" }))).toContain("`body.messages[1].name`");
  });
});
