import { cacheControlOf } from "./cache-control.js";
import type { InputSchema, MessageParams, ToolChoiceParam, ToolParam } from "./message-params.js";
import { type Fields, isRecord, textOf } from "./record.js";
import { assertKnownFields, isAbsent, recordAt, refusal, shown } from "./refusal.js";

/**
 * The tools of a chat completion, and which of them Claude is to call. Without tools there is nothing
 * to choose: `auto` and `none` mean nothing then.
 *
 * @returns fields to spread.
 * @throws `invalid_request` for what is no function, and for a choice that Claude does not have.
 */
export function toToolFields(body: Fields): Pick<MessageParams, "tools" | "tool_choice"> {
  const tools = toTools(body.tools);
  const isParallel = readParallel(body.parallel_tool_calls);
  const choice = toToolChoice(body.tool_choice);
  if (tools.length === 0) {
    if (choice === undefined || choice.type === "auto" || choice.type === "none") return {};
    const why = `is ${shown(body.tool_choice)} and there are no tools`;
    throw refusal("invalid_tool", `\`body.tool_choice\` ${why}: add \`tools\`, or leave it out.`);
  }
  const wanted = isParallel ? choice : withoutParallel(choice ?? { type: "auto" });
  return { tools, ...(wanted && { tool_choice: wanted }) };
}

function withoutParallel(choice: ToolChoiceParam): ToolChoiceParam {
  return choice.type === "none" ? choice : { ...choice, disable_parallel_tool_use: true };
}

function readParallel(value: unknown): boolean {
  if (isAbsent(value)) return true;
  if (typeof value === "boolean") return value;
  const why = `is ${shown(value)}`;
  throw refusal("unsupported_value", `\`body.parallel_tool_calls\` ${why}: send true or false.`);
}

function toTools(tools: unknown): readonly ToolParam[] {
  if (isAbsent(tools)) return [];
  if (Array.isArray(tools)) {
    return tools.map((tool: unknown, index) => toTool(tool, `body.tools[${index}]`));
  }
  throw refusal("invalid_tool", `\`body.tools\` is ${shown(tools)}: send a list of tools.`);
}

const toolFields: ReadonlySet<string> = new Set(["type", "function", "cache_control"]);
const functionFields: ReadonlySet<string> = new Set([
  "name",
  "description",
  "parameters",
  "strict",
  "cache_control",
]);

function toTool(value: unknown, path: string): ToolParam {
  const tool = recordAt(value, path, "invalid_tool");
  if (tool.type !== "function") {
    const why = `is ${shown(tool.type)}`;
    const remedy =
      "send a function; Claude's own tools need its own format and the url /v1/messages";
    throw refusal("invalid_tool", `\`${path}.type\` ${why}: ${remedy}.`);
  }
  assertKnownFields(tool, path, toolFields);
  const place = `${path}.function`;
  const called = recordAt(tool.function, place, "invalid_tool");
  assertKnownFields(called, place, functionFields);
  const name = textOf(called.name);
  if (name === undefined) {
    throw refusal("invalid_tool", `\`${place}.name\` is ${shown(called.name)}: name the function.`);
  }
  const { description, strict } = called;
  return {
    name,
    ...(typeof description === "string" && { description }),
    input_schema: toInputSchema(called.parameters, `${place}.parameters`),
    ...(typeof strict === "boolean" && { strict }),
    ...cacheControlOf(called, place),
    ...cacheControlOf(tool, path),
  };
}

function toInputSchema(parameters: unknown, path: string): InputSchema {
  if (isAbsent(parameters)) return { type: "object", properties: {} };
  recordAt(parameters, path, "invalid_tool");
  // The user's own JSON Schema: what it says is between the user and Claude.
  return parameters as InputSchema;
}

const choices: ReadonlyMap<unknown, ToolChoiceParam> = new Map<unknown, ToolChoiceParam>([
  ["auto", { type: "auto" }],
  ["required", { type: "any" }],
  ["none", { type: "none" }],
]);

function toToolChoice(choice: unknown): ToolChoiceParam | undefined {
  if (isAbsent(choice)) return undefined;
  const known = choices.get(choice) ?? toNamedTool(choice);
  if (known) return known;
  const remedy =
    "use auto, none, required or a named function, and list only the tools it may call";
  throw refusal("invalid_tool", `\`body.tool_choice\` is ${shown(choice)}: ${remedy}.`);
}

function toNamedTool(choice: unknown): ToolChoiceParam | undefined {
  if (!isRecord(choice) || choice.type !== "function" || !isRecord(choice.function))
    return undefined;
  const name = textOf(choice.function.name);
  return name === undefined ? undefined : { type: "tool", name };
}
