import { createHash } from "node:crypto";
import { promptText } from "../fake-server/prompt-text.js";
import type { FakeRequest } from "./outcome.js";

/**
 * A realistic answer of the request's endpoint, in the shape of npm `openai` 7.57.0 (`ChatCompletion`,
 * `Response`, `CreateEmbeddingResponse`, ...). The text repeats what was said, so that an answer that
 * was joined to the wrong request shows; tokens are a quarter of the characters, rounded up.
 */
export function defaultBody(request: FakeRequest, serial: string, nowSeconds: number): object {
  const { url, body } = request;
  const model = typeof body.model === "string" ? body.model : "fake-model";
  switch (url) {
    case "/v1/chat/completions":
      return chatCompletion(body, model, serial, nowSeconds);
    case "/v1/responses":
      return response(body, model, serial, nowSeconds);
    case "/v1/embeddings":
      return embeddings(body, model);
    case "/v1/completions":
      return completion(body, model, serial, nowSeconds);
    case "/v1/moderations":
      return moderation(body, model, serial);
    case "/v1/videos":
      return { id: `video_${serial}`, object: "video", created_at: nowSeconds, model, ...done };
    default:
      return { created: nowSeconds, data: [{ b64_json: onePixel }] };
  }
}

type Body = FakeRequest["body"];

const done = { status: "completed", progress: 100, seconds: "4", size: "720x1280" } as const;

/** The smallest PNG there is. */
const onePixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

function chatCompletion(body: Body, model: string, serial: string, created: number): object {
  const said = promptText(body.messages);
  const content = replyTo(lastText(body.messages));
  return {
    id: `chatcmpl-${serial}`,
    object: "chat.completion",
    created,
    model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content, refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: {
      ...promptUsage(said, content),
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
    },
    service_tier: "default",
    system_fingerprint: "fp_fake",
  };
}

function response(body: Body, model: string, serial: string, createdAt: number): object {
  const text = replyTo(lastText(body.input));
  const inputTokens = tokens(promptText(body.instructions) + promptText(body.input));
  const outputTokens = tokens(text);
  return {
    id: `resp_${serial}`,
    object: "response",
    created_at: createdAt,
    status: "completed",
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    model,
    output: [
      {
        id: `msg_${serial}`,
        type: "message",
        status: "completed",
        role: "assistant",
        content: [{ type: "output_text", text, annotations: [], logprobs: [] }],
      },
    ],
    parallel_tool_calls: true,
    tool_choice: "auto",
    tools: [],
    metadata: body.metadata ?? {},
    usage: {
      input_tokens: inputTokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: outputTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: inputTokens + outputTokens,
    },
  };
}

function completion(body: Body, model: string, serial: string, created: number): object {
  const text = replyTo(lastText(body.prompt));
  return {
    id: `cmpl-${serial}`,
    object: "text_completion",
    created,
    model,
    choices: [{ text, index: 0, logprobs: null, finish_reason: "stop" }],
    usage: promptUsage(promptText(body.prompt), text),
  };
}

function embeddings(body: Body, model: string): object {
  const dimensions = typeof body.dimensions === "number" ? body.dimensions : 8;
  const base64 = body.encoding_format === "base64";
  const inputs = inputsOf(body.input);
  const used = inputs.reduce((sum, input) => sum + tokens(input), 0);
  return {
    object: "list",
    data: inputs.map((input, index) => {
      const vector = vectorOf(input, dimensions);
      const embedding = base64
        ? Buffer.from(Float32Array.from(vector).buffer).toString("base64")
        : vector;
      return { object: "embedding", index, embedding };
    }),
    model,
    usage: { prompt_tokens: used, total_tokens: used },
  };
}

function moderation(body: Body, model: string, serial: string): object {
  const names = ["harassment", "hate", "illicit", "self-harm", "sexual", "violence"];
  const all = <Value>(value: Value): Record<string, Value> =>
    Object.fromEntries(names.map((name) => [name, value]));
  const results = inputsOf(body.input).map(() => ({
    flagged: false,
    categories: all(false),
    category_scores: all(0.0001),
    category_applied_input_types: all(["text"]),
  }));
  return { id: `modr-${serial}`, model, results };
}

/** How many inputs an embeddings or moderations request holds: one text, or a list of them. */
export function inputsOf(input: unknown): string[] {
  if (!Array.isArray(input)) return [promptText(input)];
  // A list of numbers is one text that is already cut into tokens.
  if (input.length > 0 && input.every((item) => typeof item === "number")) return [input.join(" ")];
  return input.map((item) => (Array.isArray(item) ? item.join(" ") : promptText(item)));
}

/** A unit vector that depends on the text alone. */
function vectorOf(text: string, dimensions: number): number[] {
  const numbers: number[] = [];
  for (let block = 0; numbers.length < dimensions; block += 1) {
    const digest = createHash("sha256").update(`${block}:${text}`).digest();
    for (const byte of digest.subarray(0, dimensions - numbers.length)) {
      numbers.push(byte / 127.5 - 1);
    }
  }
  const length = Math.hypot(...numbers) || 1;
  return numbers.map((number) => Number((number / length).toFixed(6)));
}

function replyTo(text: string): string {
  // Not in the middle of a character: some readers refuse the whole line.
  return `You said: ${text.slice(0, 200).replace(/[\ud800-\udbff]$/, "")}`;
}

function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}

function promptUsage(said: string, answer: string): Record<string, number> {
  const promptTokens = tokens(said);
  const completionTokens = tokens(answer);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

function lastText(value: unknown): string {
  return promptText(Array.isArray(value) ? value.at(-1) : value);
}
