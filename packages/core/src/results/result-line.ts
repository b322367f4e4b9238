import { isRecord } from "../endpoints/endpoint.js";
import type { ResultError, ResultLine } from "../provider/wire.js";

/** How one request ended. */
export type RequestOutcome = "succeeded" | "failed" | "expired" | "cancelled" | "missing";

/** The codes that say why a request has no answer at all. OpenAI's words for the first two. */
const outcomeOfCode: ReadonlyMap<string, RequestOutcome> = new Map([
  ["batch_expired", "expired"],
  ["batch_cancelled", "cancelled"],
  ["missing", "missing"],
]);

/** The outcome that an unsuccessful result's code stands for; an answer that was an error `failed`. */
export function outcomeOf(error: ResultError | null): RequestOutcome {
  return error === null ? "succeeded" : (outcomeOfCode.get(error.code) ?? "failed");
}

/**
 * A provider's result line as ours: `error` is `null` exactly when the request succeeded. A request
 * succeeded when it was answered with a 2xx status and a body that `isResponse` knows; everything
 * else has its reason in `error`, wherever the provider wrote it.
 *
 * @returns `undefined` where the line names no request.
 */
export function toResultLine(
  parsed: unknown,
  isResponse: (body: object) => boolean,
): ResultLine | undefined {
  if (!isRecord(parsed) || typeof parsed.custom_id !== "string") return undefined;
  const response = toResponse(parsed.response);
  const error = hasSucceeded(parsed, isResponse)
    ? null
    : (toError(parsed.error) ?? errorOfResponse(response));
  return {
    ...(typeof parsed.id === "string" && { id: parsed.id }),
    custom_id: parsed.custom_id,
    response,
    error,
  };
}

/** What of a parsed result line says how its request ended. */
export interface AnswerFields {
  readonly response?: unknown;
  readonly error?: unknown;
}

/** Whether a parsed result line is a success, which is all that has to be known of most of them. */
export function hasSucceeded(
  { response, error }: AnswerFields,
  isResponse: (body: object) => boolean,
): boolean {
  if (isRecord(error) || !isRecord(response)) return false;
  const { status_code: status, body } = response;
  return isSuccessStatus(status) && isRecord(body) && isResponse(body);
}

function isSuccessStatus(status: unknown): boolean {
  return typeof status === "number" && status >= 200 && status < 300;
}

/** The result of a request that got no answer. */
export function unansweredLine(customId: string, error: ResultError): ResultLine {
  return { custom_id: customId, response: null, error };
}

function toResponse(value: unknown): ResultLine["response"] {
  if (!isRecord(value) || typeof value.status_code !== "number") return null;
  const { status_code, request_id, body } = value;
  return { status_code, ...(typeof request_id === "string" && { request_id }), body };
}

function toError(value: unknown): ResultError | null {
  if (!isRecord(value)) return null;
  const code = value.code ?? value.type;
  return {
    code: typeof code === "string" && code !== "" ? code : "unknown_error",
    message: typeof value.message === "string" ? value.message : "The provider gave no reason.",
  };
}

/** Why a response is no success. */
function errorOfResponse(response: ResultLine["response"]): ResultError {
  if (!response) return { code: "empty_response", message: "The provider gave no answer." };
  const { status_code: status, body } = response;
  const stated = isRecord(body) ? toError(body.error) : null;
  if (isSuccessStatus(status)) {
    return stated ?? { code: "invalid_response", message: "The answer has an unknown shape." };
  }
  const fallback = { code: `http_${status}`, message: `The request was answered with ${status}.` };
  if (!stated) return fallback;
  return stated.code === "unknown_error" ? { ...stated, code: fallback.code } : stated;
}
