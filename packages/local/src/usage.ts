import { isRecord } from "./is-record.js";

/** The tokens of one answer, or of several. */
export interface Usage {
  readonly prompt_tokens: number;
  /** Absent where nothing is written: embeddings. */
  readonly completion_tokens?: number;
  readonly total_tokens: number;
}

/**
 * What a parsed body says under `usage`: as chat completions, completions and embeddings write it, or as
 * responses do, with `input_tokens` and `output_tokens` (npm `openai` 7.57.0, `CompletionUsage` and
 * `ResponseUsage`). `undefined` where it says nothing.
 */
export function usageOf(body: unknown): Usage | undefined {
  const usage = fieldOf(body, "usage");
  const prompt = countOf(usage, "prompt_tokens") ?? countOf(usage, "input_tokens");
  const completion = countOf(usage, "completion_tokens") ?? countOf(usage, "output_tokens");
  const total = countOf(usage, "total_tokens");
  if (prompt === undefined && total === undefined) return undefined;
  return {
    prompt_tokens: prompt ?? Math.max(0, (total ?? 0) - (completion ?? 0)),
    ...(completion !== undefined && { completion_tokens: completion }),
    total_tokens: total ?? (prompt ?? 0) + (completion ?? 0),
  };
}

function countOf(usage: unknown, field: string): number | undefined {
  const count = fieldOf(usage, field);
  return typeof count === "number" && count >= 0 && Number.isFinite(count) ? count : undefined;
}

function fieldOf(value: unknown, field: string): unknown {
  return isRecord(value) ? value[field] : undefined;
}
