import { LangBatchError } from "@langbatch/core";
import {
  answerExcerpt,
  connectionFailure,
  headersOf,
  isUnwritableHeader,
  retryAfterMs,
  statusOf,
  withoutSecrets,
} from "@langbatch/core/http";
import type OpenAI from "openai";
import { type AskedService, keyHint, secretsOf } from "./asked-service.js";
import { hostOf } from "./host-of.js";

/** What was asked when it failed. */
export type Doing = "upload" | "create" | "ask";

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
  if (isUnwritableHeader(cause)) {
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
  const message = withoutSecrets(error.message, secretsOf(client)).slice(0, 500);
  return { message, ...("code" in error && { code: error.code }) };
}

/** What the SDK has kept of the body: the text, or only what it read of an error in it. */
function answerOf(cause: unknown, status: number, client: OpenAI): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const { error, message } = cause as Error & { readonly error?: unknown };
  if (error !== undefined && error !== null)
    return answerExcerpt(JSON.stringify(error), secretsOf(client));
  // npm `openai` 7.57.0, `core/error.js`, `makeMessage`.
  const text = message.startsWith(`${status} `) ? message.slice(`${status} `.length) : message;
  return text === "status code (no body)" ? undefined : answerExcerpt(text, secretsOf(client));
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
  const { isUnsent, reason } = connectionFailure(cause);
  const what = isUnsent ? `${host} cannot be reached` : `The connection to ${host} failed`;
  return new LangBatchError(
    isUnsent && doing === "create" ? "rejected" : "provider_failed",
    `${what} (${reason}). Check the network and \`baseURL\`.`,
    { cause, provider: providerId, retryable: true },
  );
}
