import { expect, it } from "vitest";
import type { MessageParams } from "../src/message-params.js";
import { toToolFields } from "../src/tool-convert.js";
import { refusalOf as refusalFor } from "./support/refusal-of.js";

function convert(fields: object): Pick<MessageParams, "tools" | "tool_choice"> {
  return toToolFields({ ...fields });
}

function refusalOf(fields: object): string {
  return refusalFor(() => convert(fields));
}

const tool = (fields: object = {}, beside: object = {}) => ({
  type: "function",
  function: { name: "f", ...fields },
  ...beside,
});
const sent = { name: "f", input_schema: { type: "object", properties: {} } };

it("sends a function with its schema, and an empty one where it has none", () => {
  const parameters = { type: "object", properties: { a: {} }, additionalProperties: false };
  expect(
    convert({ tools: [tool({ description: "d", parameters, strict: true }), tool()] }),
  ).toEqual({
    tools: [{ name: "f", description: "d", input_schema: parameters, strict: true }, sent],
  });
  expect(convert({ tools: [tool({ strict: null, description: null })] })).toEqual({
    tools: [sent],
  });
});

it("sends the cache_control of a tool, in the tool or in its function", () => {
  const cache_control = { type: "ephemeral" };
  const tools = [{ ...sent, cache_control }];
  expect(convert({ tools: [tool({ cache_control })] })).toEqual({ tools });
  expect(convert({ tools: [tool({}, { cache_control })] })).toEqual({ tools });
});

it.each([
  ["auto", { type: "auto" }],
  ["required", { type: "any" }],
  ["none", { type: "none" }],
  [
    { type: "function", function: { name: "f" } },
    { type: "tool", name: "f" },
  ],
])("sends the tool_choice %j as %j", (choice, tool_choice) => {
  expect(convert({ tools: [tool()], tool_choice: choice })).toEqual({
    tools: [sent],
    tool_choice,
  });
});

it("sends parallel_tool_calls: false inside of tool_choice", () => {
  const choiceOf = (fields: object) =>
    convert({ tools: [tool()], parallel_tool_calls: false, ...fields }).tool_choice;
  const disable_parallel_tool_use = true;
  expect(choiceOf({})).toEqual({ type: "auto", disable_parallel_tool_use });
  expect(choiceOf({ tool_choice: "required" })).toEqual({
    type: "any",
    disable_parallel_tool_use,
  });
  expect(choiceOf({ tool_choice: { type: "function", function: { name: "f" } } })).toEqual({
    type: "tool",
    name: "f",
    disable_parallel_tool_use,
  });
  expect(choiceOf({ tool_choice: "none" })).toEqual({ type: "none" });
  expect(choiceOf({ parallel_tool_calls: true })).toBeUndefined();
  expect(convert({ parallel_tool_calls: false })).toEqual({});
  expect(refusalOf({ parallel_tool_calls: "no" })).toContain("`body.parallel_tool_calls`");
});

it("sends no choice without tools, and refuses one that needs them", () => {
  expect(convert({ tools: [], tool_choice: "auto" })).toEqual({});
  expect(convert({ tool_choice: "none" })).toEqual({});
  expect(refusalOf({ tool_choice: "required" })).toBe(
    'invalid_tool: `body.tool_choice` is "required" and there are no tools: add `tools`, or leave it out.',
  );
});

it("refuses other tools and other choices", () => {
  expect(refusalOf({ tools: [{ type: "custom", custom: { name: "c" } }] })).toContain(
    'invalid_tool: `body.tools[0].type` is "custom": send a function',
  );
  expect(refusalOf({ tools: [tool({ other: 1 })] })).toContain("`body.tools[0].function.other`");
  expect(refusalOf({ tools: [tool({ name: "" })] })).toContain("`body.tools[0].function.name`");
  expect(refusalOf({ tools: [tool({ parameters: [] })] })).toContain("function.parameters`");
  expect(refusalOf({ tools: {} })).toContain("invalid_tool: `body.tools` is {}");
  expect(refusalOf({ tools: [null] })).toContain("invalid_tool: `body.tools[0]` is null");
  for (const tool_choice of [
    { type: "allowed_tools", allowed_tools: { mode: "auto", tools: [] } },
    { type: "function" },
    "any",
  ]) {
    expect(refusalOf({ tools: [tool()], tool_choice })).toContain("`body.tool_choice` is");
  }
});
