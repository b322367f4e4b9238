import { LangBatchError } from "@langbatch/core";
import type OpenAI from "openai";
import { answerExcerpt, withoutKeys } from "./answer-excerpt.js";
import { type AskedService, keyHint } from "./asked-service.js";
import { hostOf } from "./host-of.js";
import { retryAfterMs } from "./retry-after.js";

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
export function toLangBatchError(
  cause: unknown,
  doing: Doing,
  service: AskedService,
): LangBatchError {
  const { client, providerId } = service;
  const key = keyHint(service);
  if (LangBatchError.is(cause)) return cause;
  if (cause instanceof TypeError && /header value|ByteString/.test(cause.message)) {
    // Without its cause, which quotes the whole key.
    return new LangBatchError(
      "invalid_option",
      `The API key, or another header, holds a character that cannot be sent. Check ${key} for line breaks and quotes.`,
      { provider: providerId },
    );
  }
  const host = hostOf(service);
  const asked = { upload: "the upload", create: "the new batch", ask: "the request" }[doing];
  const status = statusOf(cause);
  if (status === undefined) return connectionError(cause, doing, host, providerId);
  const { code, message: said } = envelopeOf(cause, client);
  const answered = `${host} answered ${asked} with ${status}`;
  const wishMs = retryAfterMs(headersOf(cause));
  const wish = wishMs !== undefined && { retryAfterMs: wishMs };
  const options = { cause, provider: providerId, status, ...wish };
  const answer = doing === "create" ? answerOf(cause, status, client) : undefined;
  const unclear = { ...options, ...(answer !== undefined && { answer }) };

  const isRoom = said !== undefined && (statusesOfRoom.has(status) || isAboutRoom(code, said));
  if (isRoom && status < 500) {
    return new LangBatchError("quota", `${answered}: ${said}`, { ...options, retryable: true });
  }
  if (status === 401 || status === 403) {
    // Its own text quotes part of the key.
    const isRefusal = doing !== "ask" && said !== undefined;
    return new LangBatchError(
      isRefusal ? "rejected" : "provider_failed",
      `${answered}: the API key is missing, wrong, or may not do this. Check ${key}, and its project.`,
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
  const said = cause instanceof Error && "error" in cause ? cause.error : undefined;
  // Some services write the message alone: `{ "error": "Job not found" }`.
  const error = typeof said === "string" && said !== "" ? { message: said } : said;
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

/** Too many requests, and a bill that is due (RFC 6585, 4; RFC 9110, 15.5.3). */
const statusesOfRoom: ReadonlySet<number> = new Set([402, 429]);

/**
 * Some services say "no room", or "no money", with another status than 429: OpenAI's codes of failed
 * batches, and Azure's (Azure OpenAI documentation, batch troubleshooting).
 */
const codesOfRoom: ReadonlySet<unknown> = new Set([
  "token_limit_exceeded",
  "quotaExceeded",
  "billing_hard_limit_reached",
  "insufficient_quota",
  "rate_limit_exceeded",
]);

function isAboutRoom(code: unknown, message: string): boolean {
  return (
    codesOfRoom.has(code) ||
    /token_limit_exceeded|billing hard limit|too many (active |concurrent )?batches/i.test(message)
  );
}

function connectionError(
  cause: unknown,
  doing: Doing,
  host: string,
  providerId: string,
): LangBatchError {
  const origin = originOf(cause);
  const isUnsent = origin?.syscall === "connect" || origin?.syscall === "getaddrinfo";
  const reason = origin?.code ?? innermostMessage(cause);
  const what = isUnsent ? `${host} cannot be reached` : `The connection to ${host} failed`;
  return new LangBatchError(
    isUnsent && doing === "create" ? "rejected" : "provider_failed",
    `${what} (${reason}). Check the network and \`baseURL\`.`,
    { cause, provider: providerId, retryable: true },
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
