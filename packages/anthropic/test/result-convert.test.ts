import { chatCompletions, type ResultLine } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { toChatResult, toMessageResult } from "../src/result-convert.js";

const text = { type: "text", text: "damage", citations: null };

const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-5-5",
  content: [text],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 19, output_tokens: 4, service_tier: "batch" },
};

function succeeded(fields: object = {}): object {
  return { custom_id: "a", result: { type: "succeeded", message: { ...message, ...fields } } };
}

function errored(error: unknown): object {
  return { custom_id: "a", result: { type: "errored", error } };
}

describe("an answer", () => {
  it("is a chat completion", () => {
    const body = {
      id: "msg_1",
      object: "chat.completion",
      created: 0,
      model: "claude-sonnet-5-5",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "damage", refusal: null },
          logprobs: null,
          finish_reason: "stop",
          stop_reason: "end_turn",
        },
      ],
      usage: {
        prompt_tokens: 19,
        completion_tokens: 4,
        total_tokens: 23,
        prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      },
      service_tier: "batch",
    };
    expect(toChatResult(succeeded())).toEqual({
      custom_id: "a",
      response: { status_code: 200, request_id: "msg_1", body },
      error: null,
    });
    expect(chatCompletions.isResponse(body)).toBe(true);
  });

  it("is Claude's message itself in its own format", () => {
    const line = toMessageResult(succeeded({ content: [] }));
    expect(line).toEqual({
      custom_id: "a",
      response: { status_code: 200, request_id: "msg_1", body: { ...message, content: [] } },
      error: null,
    });
  });

  it("of an unknown shape is an error", () => {
    const line = {
      custom_id: "a",
      response: null,
      error: { code: "invalid_response", message: "The answer has an unknown shape." },
    };
    expect(toChatResult(succeeded({ content: "text" }))).toEqual(line);
    const none = { custom_id: "a", result: { type: "succeeded" } };
    expect(toChatResult(none)).toEqual(line);
    expect(toMessageResult(none)).toEqual(line);
  });
});

describe("an error", () => {
  const inner = { type: "invalid_request_error", message: "max_tokens: too large" };
  const envelope = { type: "error", error: inner, request_id: "req_9" };

  it("is an answer with the status it has outside of a batch", () => {
    expect(toChatResult(errored(envelope))).toEqual({
      custom_id: "a",
      response: {
        status_code: 400,
        request_id: "req_9",
        body: { error: { ...inner, code: "invalid_request_error" } },
      },
      error: null,
    });
  });

  it("is Claude's own envelope in its own format", () => {
    expect(toMessageResult(errored(envelope))).toEqual({
      custom_id: "a",
      response: { status_code: 400, request_id: "req_9", body: envelope },
      error: null,
    });
  });

  it.each([
    ["invalid_request_error", 400],
    ["authentication_error", 401],
    ["billing_error", 402],
    ["permission_error", 403],
    ["not_found_error", 404],
    ["request_too_large", 413],
    ["rate_limit_error", 429],
    ["api_error", 500],
    ["timeout_error", 504],
    ["overloaded_error", 529],
    ["something_new", 500],
  ])("of the type %s has the status %i", (type, status) => {
    const line = errored({ type: "error", error: { type, message: "m" }, request_id: null });
    const body = { error: { type, code: type, message: "m" } };
    expect(toChatResult(line)?.response).toEqual({ status_code: status, body });
    expect(toMessageResult(line)?.response?.status_code).toBe(status);
  });

  it("has the code that Claude gives in its details", () => {
    const details = { error_code: "image_dimensions_too_large" };
    const line = errored({ ...envelope, error: { ...inner, details } });
    expect(toChatResult(line)?.response?.body).toEqual({
      error: { ...inner, code: "image_dimensions_too_large" },
    });
    const odd = errored({ ...envelope, error: { ...inner, details: { error_code: 1 } } });
    expect(toChatResult(odd)?.response?.body).toEqual({ error: { ...inner, code: inner.type } });
  });

  it("is understood without its envelope, and without a word", () => {
    expect(toChatResult(errored(inner))?.response).toEqual({
      status_code: 400,
      body: { error: { ...inner, code: inner.type } },
    });
    expect(toMessageResult(errored(inner))?.response).toEqual({
      status_code: 400,
      body: { type: "error", error: inner },
    });
    for (const nothing of [null, {}, "x", { error: {} }]) {
      const message = "Claude gave no reason.";
      expect(toChatResult(errored(nothing))?.response).toEqual({
        status_code: 500,
        body: { error: { type: "unknown_error", code: "unknown_error", message } },
      });
    }
  });
});

describe("a request without an answer", () => {
  const errorOf = (type: string, convert: (line: unknown) => ResultLine | undefined) => {
    const line = convert({ custom_id: "a", result: { type } });
    expect(line).toMatchObject({ custom_id: "a", response: null });
    return line?.error?.code;
  };

  it.each([
    ["expired", "batch_expired"],
    ["canceled", "batch_cancelled"],
    ["something_new", "something_new"],
  ])("that is %s has the code %s", (type, code) => {
    expect(errorOf(type, toChatResult)).toBe(code);
    expect(errorOf(type, toMessageResult)).toBe(code);
  });
});

it("knows what is no result line", () => {
  const lines = [
    null,
    "x",
    [],
    {},
    { custom_id: 1, result: { type: "expired" } },
    { custom_id: "a" },
    { custom_id: "a", result: null },
    { custom_id: "a", result: { type: 1 } },
    { result: { type: "expired" } },
  ];
  for (const line of lines) {
    expect(toChatResult(line)).toBeUndefined();
    expect(toMessageResult(line)).toBeUndefined();
  }
});
