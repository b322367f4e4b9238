import { type Fields, isRecord } from "./record.js";
import { assertKnownFields, isAbsent, refusal, shown } from "./refusal.js";

/** The fields that have a counterpart at Claude. */
const converted: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "max_completion_tokens",
  "max_tokens",
  "temperature",
  "top_p",
  "stop",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "response_format",
  "reasoning_effort",
  "thinking",
  "user",
  "safety_identifier",
  "cache_control",
]);

/** A field without counterpart: which values ask for what Claude does anyway, and what else to do. */
interface NeutralField {
  readonly isNeutral: (value: unknown) => boolean;
  readonly remedy: string;
}

const noPenalties = "Claude has no penalties; leave it out";
const noLogprobs = "Claude gives no log probabilities; leave it out";

const neutral: ReadonlyMap<string, NeutralField> = new Map<string, NeutralField>([
  ["n", one([1], "Claude gives one answer to a request; write one request for each answer")],
  ["frequency_penalty", one([0], noPenalties)],
  ["presence_penalty", one([0], noPenalties)],
  ["logprobs", one([false], noLogprobs)],
  ["top_logprobs", one([0], noLogprobs)],
  ["logit_bias", { isNeutral: isEmptyRecord, remedy: "Claude has no such bias; leave it out" }],
  ["stream", one([false], "a batch gives whole answers; leave it out")],
  ["store", one([false], "Claude keeps no answers for later; leave it out")],
  ["modalities", { isNeutral: isTextOnly, remedy: "Claude answers in text; leave it out" }],
  ["service_tier", one(["auto", "default"], "a batch has a tier of its own; leave it out")],
  ["verbosity", one(["medium"], "leave it out, and ask for the length in the prompt")],
  ["metadata", { isNeutral: isEmptyRecord, remedy: "Claude keeps none; use `custom_id`" }],
]);

function one(values: readonly unknown[], remedy: string): NeutralField {
  return { isNeutral: (value) => values.includes(value), remedy };
}

function isEmptyRecord(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0;
}

function isTextOnly(value: unknown): boolean {
  return Array.isArray(value) && value.every((mode) => mode === "text");
}

const useTools = "send `tools` and `tool_choice`";
const useCacheControl = "mark what is to be cached with Claude's `cache_control`";

const remedies: ReadonlyMap<string, string> = new Map([
  ["seed", "Claude has no seed; leave it out"],
  ["functions", useTools],
  ["function_call", useTools],
  ["audio", "Claude answers in text; leave it out"],
  ["prediction", "Claude takes no prediction; leave it out"],
  ["stream_options", "a batch gives whole answers; leave it out"],
  ["prompt_cache_key", useCacheControl],
  ["prompt_cache_options", useCacheControl],
  ["prompt_cache_retention", useCacheControl],
  [
    "web_search_options",
    "use Claude's own web search tool, in its own format with the url /v1/messages",
  ],
  ["moderation", "leave it out, and moderate the text in requests of its own"],
]);

const known: ReadonlySet<string> = new Set([...converted, ...neutral.keys()]);

/**
 * Refuses every field of a body that would have no effect at Claude, unless it asks for what Claude
 * does anyway. OpenAI API reference, chat completions; npm `openai` 7.57.0,
 * `resources/chat/completions/completions.d.ts`.
 *
 * @throws `invalid_request` naming the field and what to do instead.
 */
export function assertConvertible(body: Fields): void {
  assertKnownFields(body, "body", known, remedies);
  for (const [name, { isNeutral, remedy }] of neutral) {
    const value = body[name];
    if (isAbsent(value) || isNeutral(value)) continue;
    throw refusal("unsupported_value", `\`body.${name}\` is ${shown(value)}: ${remedy}.`);
  }
}
