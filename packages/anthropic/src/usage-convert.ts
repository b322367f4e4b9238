import type { ClaudeUsage } from "./claude-completion.js";
import { isRecord } from "./record.js";

/**
 * Claude's token counts as OpenAI's. Claude's `input_tokens` leave cached ones out, OpenAI's
 * `prompt_tokens` do not. A count that is `null` is 0. npm `@anthropic-ai/sdk` 1.12.0,
 * `resources/messages/messages.d.ts`, `Usage`.
 *
 * @returns `undefined` where nothing is told.
 */
export function toUsage(usage: unknown): ClaudeUsage | undefined {
  if (!isRecord(usage)) return undefined;
  const cached = count(usage.cache_read_input_tokens);
  const written = count(usage.cache_creation_input_tokens);
  const prompt = count(usage.input_tokens) + cached + written;
  const completion = count(usage.output_tokens);
  const details = usage.output_tokens_details;
  const thought = isRecord(details) ? details.thinking_tokens : undefined;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
    ...(typeof thought === "number" && {
      completion_tokens_details: { reasoning_tokens: thought },
    }),
  };
}

function count(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
