import type Anthropic from "@anthropic-ai/sdk";
import { LangBatchError } from "@langbatch/core";
import {
  answerExcerpt,
  connectionFailure,
  headersOf,
  isUnwritableHeader,
  retryAfterMs,
  type Secrets,
  statusOf,
  withoutSecrets,
} from "@langbatch/core/http";
import { isRecord } from "./record.js";

/** What was asked when it failed. */
export type Doing = "create" | "ask";

const provider = "anthropic";
const key = "`apiKey` or ANTHROPIC_API_KEY";

/** The host a client asks, with its port where it is no usual one: `api.anthropic.com`. */
export function hostOf({ baseURL }: Pick<Anthropic, "baseURL">): string {
  if (URL.canParse(baseURL)) return new URL(baseURL).host;
  throw new LangBatchError(
    "invalid_option",
    `\`baseURL\` (or ANTHROPIC_BASE_URL) is ${JSON.stringify(baseURL)}, which is no address. Write it out, as in https://api.anthropic.com.`,
    { provider },
  );
}

/** The keys of a client, which nothing may show. */
export function secretsOf({ apiKey, authToken }: Anthropic): Secrets {
  return [apiKey, authToken];
}

/**
 * What the SDK threw, as a LangBatch error.
 *
 * A create is `rejected` or `quota` only where certainly no job was made: the service said no in its
 * own envelope, or no byte was sent. Timeouts, resets, 408, 409, 5xx and what is not Claude's envelope
 * may all stand for a job that exists, and the error has what came. Anthropic API reference, "Errors".
 */
export function toLangBatchError(cause: unknown, doing: Doing, client: Anthropic): LangBatchError {
  if (LangBatchError.is(cause)) return cause;
  if (isUnwritableHeader(cause)) {
    // Without its cause, which quotes the whole key.
    return new LangBatchError(
      "invalid_option",
      `The API key, or another header, holds a character that cannot be sent. Check ${key} for line breaks and quotes.`,
      { provider },
    );
  }
  const host = hostOf(client);
  const status = statusOf(cause);
  if (status === undefined) return connectionError(cause, doing, host);
  const said = envelopeOf(cause, client);
  const answered = `${host} answered ${doing === "create" ? "the new batch" : "the request"} with ${status}`;
  const wishMs = retryAfterMs(headersOf(cause));
  const options = {
    cause,
    provider,
    status,
    ...(wishMs !== undefined && { retryAfterMs: wishMs }),
  };
  const answer = doing === "create" ? { answer: answerOf(cause, client) } : {};
  const unclear = { ...options, ...answer };
  if (status === 401 || status === 403) {
    const isRefusal = doing === "create" && said !== undefined;
    return new LangBatchError(
      isRefusal ? "rejected" : "provider_failed",
      `${answered}: the API key is missing, wrong, or may not do this. Check ${key}, and its workspace.`,
      isRefusal ? options : unclear,
    );
  }
  if (said === undefined || status === 408 || status === 409) {
    return new LangBatchError(
      "provider_failed",
      `${answered} and nothing that can be understood.`,
      { ...unclear, retryable: true },
    );
  }
  if (statusesOfRoom.has(status)) {
    return new LangBatchError("quota", `${answered}: ${said}`, { ...options, retryable: true });
  }
  if (status >= 500 || doing === "ask") {
    const retryable = status >= 500 || status === 404;
    return new LangBatchError("provider_failed", `${answered}: ${said}`, { ...unclear, retryable });
  }
  const hint = status === 413 ? " Pass a lower `maxBytesPerJob`." : "";
  return new LangBatchError("rejected", `${answered}: ${said}${hint}`, options);
}

/** A bill that is due, and too many requests: the queue, or the calls of a minute, are full. */
const statusesOfRoom: ReadonlySet<number> = new Set([402, 429]);

/** Claude's own words, where the body is its error envelope. */
function envelopeOf(cause: unknown, client: Anthropic): string | undefined {
  const body = cause instanceof Error && "error" in cause ? cause.error : undefined;
  if (!isRecord(body) || body.type !== "error" || !isRecord(body.error)) return undefined;
  const { type, message } = body.error;
  if (typeof message !== "string" || typeof type !== "string") return undefined;
  return withoutSecrets(message, secretsOf(client)).slice(0, 500);
}

/** What the SDK has kept of the body: what it read of it, or the text. */
function answerOf(cause: unknown, client: Anthropic): string {
  const { error, message } = cause as Error & { readonly error?: unknown };
  const text = error === undefined || error === null ? message : JSON.stringify(error);
  return answerExcerpt(text, secretsOf(client));
}

function connectionError(cause: unknown, doing: Doing, host: string): LangBatchError {
  const { reason, isUnsent } = connectionFailure(cause);
  const what = isUnsent ? `${host} cannot be reached` : `The connection to ${host} failed`;
  return new LangBatchError(
    isUnsent && doing === "create" ? "rejected" : "provider_failed",
    `${what} (${reason}). Check the network and \`baseURL\`.`,
    { cause, provider, retryable: true },
  );
}
