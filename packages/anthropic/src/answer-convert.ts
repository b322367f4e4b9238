import type { ChatToolCall } from "@langbatch/core";
import type { ClaudeCompletion, ClaudeMessage } from "./claude-completion.js";
import type { RedactedThinkingBlock, ThinkingBlock } from "./message-params.js";
import { type Fields, isRecord, textOf } from "./record.js";
import { toUsage } from "./usage-convert.js";

const finishReasons: ReadonlyMap<unknown, string> = new Map([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["pause_turn", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool_calls"],
  ["refusal", "content_filter"],
]);

/**
 * A message of Claude's as a chat completion. A stop reason that is not known yet counts as `stop`;
 * Claude's own word stays beside it. `created` is 0, as Claude does not say. npm `@anthropic-ai/sdk`
 * 1.12.0, `resources/messages/messages.d.ts`, `Message`.
 *
 * @returns `undefined` where it is no message.
 */
export function toChatCompletion(message: unknown): ClaudeCompletion | undefined {
  if (!isRecord(message) || !Array.isArray(message.content)) return undefined;
  const { id, model, stop_reason: reason, stop_sequence: sequence, usage } = message;
  const used = toUsage(usage);
  const tier = isRecord(usage) ? textOf(usage.service_tier) : undefined;
  return {
    id: textOf(id) ?? "",
    object: "chat.completion",
    created: 0,
    model: textOf(model) ?? "",
    choices: [
      {
        index: 0,
        message: toMessage(message.content, message),
        logprobs: null,
        finish_reason: finishReasons.get(reason) ?? "stop",
        stop_reason: textOf(reason) ?? null,
        ...(typeof sequence === "string" && { stop_sequence: sequence }),
      },
    ],
    ...(used && { usage: used }),
    ...(tier !== undefined && { service_tier: tier }),
  };
}

function toMessage(content: readonly unknown[], message: Fields): ClaudeMessage {
  const blocks = content.filter(isRecord);
  const texts = blocks.flatMap(({ type, text }) => (type === "text" ? [String(text ?? "")] : []));
  const said = texts.length === 0 ? null : texts.join("");
  const calls = blocks.filter(({ type }) => type === "tool_use").map(toToolCall);
  const thoughts = content.filter(isThought);
  const readable = thoughts.map((block) =>
    textOf("thinking" in block ? block.thinking : undefined),
  );
  const reasoning = readable.filter((thought) => thought !== undefined).join("\n\n");
  return {
    role: "assistant",
    content: said,
    refusal: message.stop_reason === "refusal" ? toRefusal(message.stop_details, said) : null,
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(reasoning !== "" && { reasoning_content: reasoning }),
    ...(thoughts.length > 0 && { thinking_blocks: thoughts }),
    ...(!content.every(isSaidInFull) && { content_blocks: content }),
  };
}

function toRefusal(details: unknown, said: string | null): string {
  const { explanation, category }: Fields = isRecord(details) ? details : {};
  return textOf(explanation) ?? textOf(category) ?? textOf(said) ?? "refused";
}

function toToolCall({ id, name, input }: Fields): ChatToolCall {
  const called = { name: String(name ?? ""), arguments: JSON.stringify(input ?? {}) };
  return { id: String(id ?? ""), type: "function", function: called };
}

function isThought(block: unknown): block is ThinkingBlock | RedactedThinkingBlock {
  return isRecord(block) && (block.type === "thinking" || block.type === "redacted_thinking");
}

/** Whether the fields of a chat message say all that a block holds. */
function isSaidInFull(block: unknown): boolean {
  if (!isRecord(block)) return false;
  if (block.type === "text") return !Array.isArray(block.citations) || block.citations.length === 0;
  return block.type === "tool_use" || isThought(block);
}
