import { withMarkOf } from "./cache-control.js";
import { toTextBlocks } from "./content-convert.js";
import type {
  AssistantBlock,
  RedactedThinkingBlock,
  TextBlock,
  ThinkingBlock,
  ToolUseBlock,
} from "./message-params.js";
import { type Fields, isRecord, textOf } from "./record.js";
import { assertKnownFields, isAbsent, recordAt, refusal, shown } from "./refusal.js";

const fields: ReadonlySet<string> = new Set([
  "role",
  "content",
  "refusal",
  "tool_calls",
  "thinking_blocks",
  "reasoning_content",
  "annotations",
  "cache_control",
]);

const remedies: ReadonlyMap<string, string> = new Map([
  ["name", "Claude knows no names of speakers; write it into the content"],
  ["audio", "send what was said as `content`"],
  ["function_call", "send it as `tool_calls`"],
  [
    "content_blocks",
    "only Claude's own format takes these blocks back, with the url /v1/messages; leave it out to send the text alone",
  ],
]);

/**
 * An assistant message as blocks: thoughts, then text, then the tools it called. It may carry what our
 * own results carry: `thinking_blocks` go back as they came, and `reasoning_content` passes beside them.
 * A `refusal` is what it said where it has no other text.
 *
 * @throws `invalid_request` where it has no content, or something that Claude does not take back.
 */
export function toAssistantBlocks(message: Fields, path: string): readonly AssistantBlock[] {
  assertKnownFields(message, path, fields, remedies);
  assertNoAnnotations(message.annotations, `${path}.annotations`);
  const blocks = [
    ...toThinkingBlocks(message, path),
    ...toText(message, path),
    ...toToolUses(message.tool_calls, `${path}.tool_calls`),
  ];
  return withMarkOf(message, blocks, path);
}

function assertNoAnnotations(annotations: unknown, path: string): void {
  if (isAbsent(annotations) || (Array.isArray(annotations) && annotations.length === 0)) return;
  throw refusal("unsupported_value", `\`${path}\` cannot be sent to Claude: leave it out.`);
}

function toText({ content, refusal: said }: Fields, path: string): readonly TextBlock[] {
  const blocks = toTextBlocks(content, `${path}.content`, "an assistant message");
  return blocks.length > 0 ? blocks : toTextBlocks(said, `${path}.refusal`, "a refusal");
}

function toThinkingBlocks(
  { thinking_blocks: thoughts, reasoning_content: reasoning }: Fields,
  path: string,
): readonly (ThinkingBlock | RedactedThinkingBlock)[] {
  if (!isAbsent(thoughts) && !(Array.isArray(thoughts) && thoughts.every(isThought))) {
    throw refusal(
      "invalid_message",
      `\`${path}.thinking_blocks\` is no list of Claude's thinking blocks: send them as they came, or leave them out.`,
    );
  }
  const blocks = thoughts ?? [];
  if (blocks.length === 0 && !isAbsent(reasoning) && reasoning !== "") {
    const why = "has no signature, without which Claude takes no thought back";
    throw refusal(
      "unsupported_field",
      `\`${path}.reasoning_content\` ${why}: leave it out, or send \`thinking_blocks\` with it.`,
    );
  }
  return blocks;
}

function isThought(block: unknown): block is ThinkingBlock | RedactedThinkingBlock {
  return isRecord(block) && (block.type === "thinking" || block.type === "redacted_thinking");
}

function toToolUses(calls: unknown, path: string): readonly ToolUseBlock[] {
  if (isAbsent(calls)) return [];
  if (Array.isArray(calls)) {
    return calls.map((call: unknown, index) => toToolUse(call, `${path}[${index}]`));
  }
  throw refusal("invalid_tool", `\`${path}\` is ${shown(calls)}: send a list of tool calls.`);
}

const callFields: ReadonlySet<string> = new Set(["id", "type", "function"]);
const functionFields: ReadonlySet<string> = new Set(["name", "arguments"]);

function toToolUse(value: unknown, path: string): ToolUseBlock {
  const call = recordAt(value, path, "invalid_tool");
  if (call.type !== "function") {
    const why = `is ${shown(call.type)}`;
    throw refusal("invalid_tool", `\`${path}.type\` ${why}: Claude takes calls of functions only.`);
  }
  assertKnownFields(call, path, callFields);
  const called = recordAt(call.function, `${path}.function`, "invalid_tool");
  assertKnownFields(called, `${path}.function`, functionFields);
  return {
    type: "tool_use",
    id: needText(call.id, `${path}.id`),
    name: needText(called.name, `${path}.function.name`),
    input: toInput(called.arguments, `${path}.function.arguments`),
  };
}

function needText(value: unknown, path: string): string {
  const text = textOf(value);
  if (text !== undefined) return text;
  throw refusal("invalid_tool", `\`${path}\` is ${shown(value)}: send a text.`);
}

function toInput(value: unknown, path: string): object {
  if (value === "") return {};
  const input = typeof value === "string" ? parsed(value) : undefined;
  if (isRecord(input)) return input;
  throw refusal(
    "invalid_tool",
    `\`${path}\` is ${shown(value)}: send the JSON of an object, which is all that Claude takes.`,
  );
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
