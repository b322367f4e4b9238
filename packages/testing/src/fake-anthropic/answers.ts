import { createHash } from "node:crypto";
import { promptText } from "../fake-server/prompt-text.js";
import { fittingValue } from "./fitting-value.js";
import type { FakeMessageRequest } from "./outcome.js";

type Value = Readonly<Record<string, unknown>>;

/**
 * A realistic message in the shape of npm `@anthropic-ai/sdk` 1.12.0, `Message`. It repeats what was
 * said last, so that an answer that was joined to the wrong request shows; a tool that must be used
 * is used, JSON that is asked for fits its schema, and who wants thinking gets some. Tokens are a
 * quarter of the characters, rounded up.
 */
export function defaultMessage({ params }: FakeMessageRequest, serial: string): object {
  const { system, messages, model } = params;
  const said = `You said: ${cut(lastUserText(messages))}`;
  const use = toolUse(params, said, serial);
  const content = [...thinking(params, said), use ?? { type: "text", text: text(params, said) }];
  return {
    id: `msg_${serial}`,
    type: "message",
    role: "assistant",
    model,
    content,
    stop_reason: use ? "tool_use" : "end_turn",
    stop_sequence: null,
    stop_details: null,
    usage: {
      input_tokens: tokens(promptText(system) + promptText(messages)),
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: tokens(JSON.stringify(content)),
      service_tier: "batch",
    },
  };
}

function text(params: Value, said: string): string {
  const { type, schema } = field(field(params, "output_config"), "format");
  return type === "json_schema" ? JSON.stringify(fittingValue(schema, said)) : said;
}

function thinking(params: Value, said: string): readonly object[] {
  const { type, display } = field(params, "thinking");
  if (type !== "enabled" && type !== "adaptive") return [];
  const signature = createHash("sha512").update(said).digest("base64");
  const thought = display === "omitted" ? "" : "I repeat what was said.";
  return [{ type: "thinking", thinking: thought, signature }];
}

function toolUse(params: Value, said: string, serial: string): object | undefined {
  const { type, name } = field(params, "tool_choice");
  if (type !== "any" && type !== "tool") return undefined;
  const tools: readonly Value[] = Array.isArray(params.tools) ? params.tools : [];
  const tool = type === "tool" ? tools.find((each) => each.name === name) : tools[0];
  if (!tool) return undefined;
  const input = fittingValue(tool.input_schema, said);
  return { type: "tool_use", id: `toolu_${serial}`, name: tool.name, input };
}

function cut(said: string): string {
  // Not in the middle of a character: some readers refuse the whole line.
  return said.slice(0, 200).replace(/[\ud800-\udbff]$/, "");
}

function tokens(all: string): number {
  return Math.ceil(all.length / 4);
}

function lastUserText(messages: unknown): string {
  if (!Array.isArray(messages)) return "";
  return promptText(messages.findLast((message) => Object(message).role === "user"));
}

function field(value: Value, name: string): Value {
  return Object(value[name]) as Value;
}
