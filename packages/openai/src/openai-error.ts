import { LangBatchError } from "@langbatch/core";
import type OpenAI from "openai";
import { answerExcerpt, withoutKeys } from "./answer-excerpt.js";
import { hostOf } from "./host-of.js";

/** What was asked when it failed. */
export type Doing = "upload" | "create" | "ask";

/** The HTTP status behind an error of the SDK, by its shape: the client may be another copy's. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("status" in error)) return undefined;
  return typeof error.status === "number" ? error.status : undefined;
}

/** The headers of the answer behind an error of the SDK, by their shape, too. */
export function headersOf(error: unknown): Pick<Headers, "get"> | undefined {
  if (!(error instanceof Error) || !("headers" in error)) return undefined;
  const headers = error.headers as Partial<Headers> | null | undefined;
  return typeof headers?.get === "function" ? (headers as Headers) : undefined;
}

/**
 * What the SDK threw, as a LangBatch error.
 *
 * A create is `rejected` or `quota` only where certainly no job was made: the service said no in its
 * own words, or no byte was sent. Timeouts, resets, 408, 409, 5xx, pages that are no API's answer and
 * answers that cannot be read may all stand for a job that exists, and the error has what came.
 */
export function toLangBatchError(cause: unknown, doing: Doing, client: OpenAI): LangBatchError {
  if (LangBatchError.is(cause)) return cause;
  if (cause instanceof TypeError && /header value|ByteString/.test(cause.message)) {
    // Without its cause, which quotes the whole key.
    return new LangBatchError(
      "invalid_option",
      "The API key, or another header, holds a character that cannot be sent. Check `apiKey` or OPENAI_API_KEY for line breaks and quotes.",
      { provider: "openai" },
    );
  }
  const host = hostOf(client);
  const asked = { upload: "the upload", create: "the new batch", ask: "the request" }[doing];
  const status = statusOf(cause);
  if (status === undefined) return connectionError(cause, doing, host);
  const { code, message: said } = envelopeOf(cause, client);
  const answered = `${host} answered ${asked} with ${status}`;
  const options = { cause, provider: "openai", status };
  const answer = doing === "create" ? answerOf(cause, status, client) : undefined;
  const unclear = { ...options, ...(answer !== undefined && { answer }) };

  if (status === 401 || status === 403) {
    // Its own text quotes part of the key.
    const isRefusal = doing !== "ask" && said !== undefined;
    return new LangBatchError(
      isRefusal ? "rejected" : "provider_failed",
      `${answered}: the API key is missing, wrong, or may not do this. Check \`apiKey\` or OPENAI_API_KEY, and its project.`,
      isRefusal ? options : unclear,
    );
  }
  if (said === undefined || status === 408 || status === 409) {
    return new LangBatchError(
      "provider_failed",
      `${answered} and nothing that can be understood.`,
      {
        ...unclear,
        retryable: true,
      },
    );
  }
  if (status === 429 || (status < 500 && isAboutRoom(code, said))) {
    return new LangBatchError("quota", `${answered}: ${said}`, { ...options, retryable: true });
  }
  if (status >= 500 || doing === "ask") {
    const retryable = status >= 500 || status === 404;
    return new LangBatchError("provider_failed", `${answered}: ${said}`, { ...unclear, retryable });
  }
  // A file just uploaded may take seconds until the batches see it.
  const retryable = doing === "create" && /cannot find file/i.test(said);
  const hint = status === 404 ? " Check that `baseURL` is whole: most end in /v1." : "";
  return new LangBatchError("rejected", `${answered}: ${said}${hint}`, { ...options, retryable });
}

/** The provider's own words; nothing where the body is not its error envelope. */
function envelopeOf(
  cause: unknown,
  client: OpenAI,
): { readonly code?: unknown; readonly message?: string } {
  const error = cause instanceof Error && "error" in cause ? cause.error : undefined;
  if (typeof error !== "object" || error === null || !("message" in error)) return {};
  if (typeof error.message !== "string") return {};
  const message = withoutKeys(error.message, client).slice(0, 500);
  return { message, ...("code" in error && { code: error.code }) };
}

/** What the SDK has kept of the body: the text, or only what it read of an error in it. */
function answerOf(cause: unknown, status: number, client: OpenAI): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const { error, message } = cause as Error & { readonly error?: unknown };
  if (error !== undefined && error !== null) return answerExcerpt(JSON.stringify(error), client);
  // npm `openai` 7.57.0, `core/error.js`, `makeMessage`.
  const text = message.startsWith(`${status} `) ? message.slice(`${status} `.length) : message;
  return text === "status code (no body)" ? undefined : answerExcerpt(text, client);
}

/** Some services say "no room" with a 400. */
function isAboutRoom(code: unknown, message: string): boolean {
  return (
    code === "token_limit_exceeded" ||
    code === "quotaExceeded" ||
    message.includes("token_limit_exceeded")
  );
}

function connectionError(cause: unknown, doing: Doing, host: string): LangBatchError {
  const origin = originOf(cause);
  const isUnsent = origin?.syscall === "connect" || origin?.syscall === "getaddrinfo";
  const reason = origin?.code ?? innermostMessage(cause);
  const what = isUnsent ? `${host} cannot be reached` : `The connection to ${host} failed`;
  return new LangBatchError(
    isUnsent && doing === "create" ? "rejected" : "provider_failed",
    `${what} (${reason}). Check the network and \`baseURL\`.`,
    { cause, provider: "openai", retryable: true },
  );
}

/** The SDK and `fetch` both say only that something failed; what did is at the bottom. */
function innermostMessage(error: unknown): string {
  let at = error;
  for (let depth = 0; at instanceof Error && at.cause instanceof Error && depth < 8; depth += 1) {
    at = at.cause;
  }
  return at instanceof Error ? at.message : String(at);
}

interface SystemError extends Error {
  readonly code: string;
  /** Says more than the code: a connection that breaks later can report the code of a failed connect. */
  readonly syscall?: unknown;
}

function originOf(error: unknown): SystemError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    // Several addresses were tried; each has the same story.
    if (at instanceof AggregateError && at.errors.length > 0) return originOf(at.errors[0]);
    if (isSystemError(at)) return at;
  }
  return undefined;
}

function isSystemError(error: Error): error is SystemError {
  return "code" in error && typeof error.code === "string";
}
