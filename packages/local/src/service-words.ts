import { isRecord } from "./is-record.js";

/** What a service says of a request that it did not answer, where it says so. */
export interface ServiceWords {
  readonly code?: string | undefined;
  readonly type?: string | undefined;
  readonly message?: string | undefined;
}

/**
 * Reads the words of a parsed error body: OpenAI's envelope, a text in its place (Ollama), fields at the
 * top (vLLM), `detail` (FastAPI), a list around all of it (Gemini), or a text alone.
 */
export function serviceWords(body: unknown): ServiceWords {
  if (typeof body === "string") return isPage(body) ? {} : { message: body };
  if (Array.isArray(body)) return serviceWords(body[0]);
  if (!isRecord(body)) return {};
  const { error, detail } = body;
  if (typeof error === "string" || isRecord(error)) return serviceWords(error);
  const { code, type, message = messageOf(detail) } = body;
  return { code: wordOf(code), type: wordOf(type), message: textOf(message) };
}

/** A page of a proxy has words for people, not for us. */
function isPage(text: string): boolean {
  return /^\s*</.test(text);
}

/** FastAPI lists what is wrong with a request (FastAPI documentation, "Handling errors"). */
function messageOf(detail: unknown): unknown {
  const first: unknown = Array.isArray(detail) ? detail[0] : detail;
  return isRecord(first) ? (first.msg ?? first.message) : first;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Some write the status, which is no code. */
function wordOf(value: unknown): string | undefined {
  return typeof value === "string" && /\D/.test(value) ? value : undefined;
}
