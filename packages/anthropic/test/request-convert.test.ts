import { describe, expect, it } from "vitest";
import { defaultMaxTokens } from "../src/max-tokens.js";
import type { MessageParams } from "../src/message-params.js";
import { toMessageParams } from "../src/request-convert.js";
import { refusalOf as refusalFor } from "./support/refusal-of.js";

const hello = { role: "user", content: "Hello" };

/** The parameters of a body with one user message, and what is given. */
function convert(fields: object): MessageParams {
  return toMessageParams({ model: "claude-sonnet-5-5", messages: [hello], ...fields });
}

/** What the parameters have beside model, messages and the default limit. */
function extrasOf(fields: object): object {
  const { model: _model, messages: _messages, max_tokens: _limit, ...rest } = convert(fields);
  return rest;
}

/** Code and message of the refusal. */
function refusalOf(fields: object): string {
  return refusalFor(() => convert(fields));
}

describe("request fields", () => {
  it("sends model and messages as they are, with a limit of 4,096 tokens", () => {
    expect(convert({})).toEqual({
      model: "claude-sonnet-5-5",
      max_tokens: 4096,
      messages: [hello],
    });
    expect(defaultMaxTokens).toBe(4096);
  });

  it("takes max_completion_tokens or max_tokens", () => {
    expect(convert({ max_completion_tokens: 7 }).max_tokens).toBe(7);
    expect(convert({ max_tokens: 7, max_completion_tokens: null }).max_tokens).toBe(7);
    expect(convert({ max_tokens: 7, max_completion_tokens: 7 }).max_tokens).toBe(7);
    expect(refusalOf({ max_tokens: 7, max_completion_tokens: 8 })).toBe(
      "unsupported_value: `body.max_tokens` is 7 and `body.max_completion_tokens` is 8: send one of them.",
    );
    for (const limit of [0, -1, 1.5, "7", true, 1e300]) {
      expect(refusalOf({ max_tokens: limit })).toContain("unsupported_value: `body.max_tokens` is");
    }
  });

  it("sends temperature up to 1, and top_p", () => {
    expect(extrasOf({ temperature: 1, top_p: 0.5 })).toEqual({ temperature: 1, top_p: 0.5 });
    expect(extrasOf({ temperature: 0 })).toEqual({ temperature: 0 });
    expect(refusalOf({ temperature: 1.1 })).toBe(
      "unsupported_value: `body.temperature` is 1.1, and Claude's ends at 1: use 0 to 1.",
    );
    expect(refusalOf({ temperature: "1" })).toContain("`body.temperature`");
    expect(refusalOf({ top_p: "1" })).toContain("`body.top_p`");
  });

  it("sends stop as stop_sequences", () => {
    expect(extrasOf({ stop: "END" })).toEqual({ stop_sequences: ["END"] });
    expect(extrasOf({ stop: ["a", "b"] })).toEqual({ stop_sequences: ["a", "b"] });
    expect(extrasOf({ stop: [] })).toEqual({});
    expect(refusalOf({ stop: [1] })).toContain("unsupported_value: `body.stop` is [1]");
  });

  it("sends user or safety_identifier as metadata.user_id", () => {
    expect(extrasOf({ user: "u" })).toEqual({ metadata: { user_id: "u" } });
    expect(extrasOf({ safety_identifier: "s" })).toEqual({ metadata: { user_id: "s" } });
    expect(extrasOf({ user: "u", safety_identifier: "u" })).toEqual({ metadata: { user_id: "u" } });
    expect(refusalOf({ user: "u", safety_identifier: "s" })).toContain("`body.user` differs");
    expect(refusalOf({ user: 1 })).toContain("`body.user` is 1");
  });

  it("sends cache_control of the body, and refuses one that is no object", () => {
    const cache_control = { type: "ephemeral", ttl: "1h" };
    expect(extrasOf({ cache_control })).toEqual({ cache_control });
    expect(refusalOf({ cache_control: "yes" })).toContain('`body.cache_control` is "yes"');
  });

  it("takes in silence what Claude does anyway", () => {
    const neutral = {
      n: 1,
      frequency_penalty: 0,
      presence_penalty: 0,
      logprobs: false,
      top_logprobs: 0,
      logit_bias: {},
      stream: false,
      store: false,
      modalities: ["text"],
      service_tier: "auto",
      verbosity: "medium",
      metadata: {},
      prediction: null,
      seed: null,
      tools: null,
      tool_choice: null,
      response_format: null,
      thinking: null,
      cache_control: null,
      stop: null,
      user: null,
      temperature: null,
      reasoning_effort: null,
      parallel_tool_calls: null,
      stream_options: null,
    };
    expect(extrasOf(neutral)).toEqual({});
    expect(extrasOf({ service_tier: "default" })).toEqual({});
  });

  it.each([
    ["n", 2],
    ["frequency_penalty", 0.5],
    ["presence_penalty", -1],
    ["logprobs", true],
    ["top_logprobs", 3],
    ["logit_bias", { 50256: -100 }],
    ["stream", true],
    ["store", true],
    ["modalities", ["text", "audio"]],
    ["service_tier", "flex"],
    ["verbosity", "low"],
    ["metadata", { a: "b" }],
  ])("refuses %s with another value, and says what to do", (field, value) => {
    expect(refusalOf({ [field]: value })).toMatch(
      new RegExp(`^unsupported_value: \`body\\.${field}\` is .+: .+\\.$`),
    );
  });

  it.each([
    ["seed", 1, "leave it out"],
    ["prediction", { type: "content", content: "x" }, "leave it out"],
    ["audio", { voice: "alloy" }, "leave it out"],
    ["functions", [], "send `tools`"],
    ["function_call", "auto", "send `tools`"],
    ["prompt_cache_key", "k", "`cache_control`"],
    ["prompt_cache_retention", "24h", "`cache_control`"],
    ["web_search_options", {}, "/v1/messages"],
    ["stream_options", { include_usage: true }, "leave it out"],
    ["top_k", 5, "/v1/messages"],
    ["made_up", false, "/v1/messages"],
  ])("refuses %s, and says what to do", (field, value, remedy) => {
    const message = refusalOf({ [field]: value });
    expect(message).toContain(`unsupported_field: \`body.${field}\` has no counterpart at Claude`);
    expect(message).toContain(remedy);
  });

  it("refuses a model that is no text", () => {
    expect(refusalOf({ model: 1 })).toContain("`body.model` is 1");
  });
});

describe("reasoning", () => {
  it("turns thinking off with the effort none", () => {
    expect(extrasOf({ reasoning_effort: "none" })).toEqual({ thinking: { type: "disabled" } });
  });

  it.each([
    ["minimal", "low"],
    ["low", "low"],
    ["medium", "medium"],
    ["high", "high"],
    ["xhigh", "xhigh"],
    ["max", "max"],
  ])("thinks adaptively for %s, with the effort %s", (asked, effort) => {
    expect(extrasOf({ reasoning_effort: asked })).toEqual({
      thinking: { type: "adaptive" },
      output_config: { effort },
    });
  });

  it("refuses an effort that nobody knows", () => {
    expect(refusalOf({ reasoning_effort: "huge" })).toContain(
      'unsupported_value: `body.reasoning_effort` is "huge": use none, minimal',
    );
  });

  it("takes Claude's own thinking as it is, which says better than the effort", () => {
    const thinking = { type: "adaptive", display: "omitted" };
    expect(extrasOf({ thinking })).toEqual({ thinking });
    expect(extrasOf({ thinking, reasoning_effort: "high" })).toEqual({
      thinking,
      output_config: { effort: "high" },
    });
    expect(extrasOf({ thinking, reasoning_effort: "none" })).toEqual({ thinking });
    expect(refusalOf({ thinking: true })).toContain("`body.thinking` is true: send an object");
  });

  it("gives the answer 4,096 tokens beside a budget for thinking", () => {
    const thinking = { type: "enabled", budget_tokens: 2000 };
    expect(convert({ thinking }).max_tokens).toBe(6096);
    expect(convert({ thinking, max_tokens: 2001 }).max_tokens).toBe(2001);
    expect(convert({ thinking: { type: "enabled" } }).max_tokens).toBe(4096);
    expect(refusalOf({ thinking, max_tokens: 2000 })).toContain(
      "unsupported_value: `body.thinking.budget_tokens` is 2000",
    );
  });
});

describe("structured output", () => {
  const schema = { type: "object", properties: { a: { type: "string" } } };

  it("sends a json_schema as output_config.format, beside the effort", () => {
    const json_schema = { name: "a", strict: true, schema };
    const response_format = { type: "json_schema", json_schema };
    expect(extrasOf({ response_format, reasoning_effort: "none" })).toEqual({
      thinking: { type: "disabled" },
      output_config: { format: { type: "json_schema", schema } },
    });
    expect(extrasOf({ response_format, reasoning_effort: "low" })).toEqual({
      thinking: { type: "adaptive" },
      output_config: { effort: "low", format: { type: "json_schema", schema } },
    });
  });

  it("sends nothing for text", () => {
    expect(extrasOf({ response_format: { type: "text" } })).toEqual({});
  });

  it("refuses json_object, and schemas that are none", () => {
    expect(refusalOf({ response_format: { type: "json_object" } })).toBe(
      'unsupported_value: `body.response_format.type` is "json_object": use json_schema, or ask for JSON in the prompt.',
    );
    expect(refusalOf({ response_format: { type: "json_schema" } })).toContain("json_schema` is");
    expect(
      refusalOf({ response_format: { type: "json_schema", json_schema: { name: "a" } } }),
    ).toContain("`body.response_format.json_schema.schema` is nothing: send an object");
    expect(refusalOf({ response_format: "text" })).toContain("`body.response_format` is");
  });

  it("refuses a description that Claude would not see", () => {
    const json_schema = { name: "a", schema, description: "x" };
    expect(refusalOf({ response_format: { type: "json_schema", json_schema } })).toContain(
      "`body.response_format.json_schema.description` has no counterpart",
    );
  });
});
