import type { ResultError, ResultLine } from "@langbatch/core";
import { toChatCompletion } from "./answer-convert.js";
import { type Fields, isRecord, textOf } from "./record.js";

/**
 * A line of a Message Batch's results as an OpenAI result line whose answer is a chat completion.
 * Claude's errors become answers with the status that the same error has outside of a batch, and the
 * machine-readable code where Claude gives one. Anthropic API reference, Message Batches, results.
 *
 * @returns `undefined` where it is no result line.
 */
export function toChatResult(line: unknown): ResultLine | undefined {
  return toResult(line, {
    answer: toChatCompletion,
    error: (error) => ({
      error: { type: error.type, code: error.code, message: error.message },
    }),
  });
}

/**
 * As {@link toChatResult}, but an answer's body is Claude's message itself, and an error's body is
 * Claude's own `{ type: "error", error, request_id }`.
 *
 * @returns `undefined` where it is no result line.
 */
export function toMessageResult(line: unknown): ResultLine | undefined {
  return toResult(line, {
    answer: (message) => (isRecord(message) ? message : undefined),
    error: ({ envelope }) => envelope,
  });
}

/** How answers and errors are written. */
interface Bodies {
  /** The body of an answer; `undefined` where it is none. */
  readonly answer: (message: unknown) => object | undefined;
  readonly error: (error: StatedError) => object;
}

function toResult(line: unknown, bodies: Bodies): ResultLine | undefined {
  if (!isRecord(line) || typeof line.custom_id !== "string" || !isRecord(line.result)) {
    return undefined;
  }
  const { custom_id, result } = line;
  if (typeof result.type !== "string") return undefined;
  if (result.type === "succeeded") {
    const body = bodies.answer(result.message);
    if (!body) return { custom_id, response: null, error: unknownShape };
    const id = isRecord(result.message) ? textOf(result.message.id) : undefined;
    return { custom_id, response: { status_code: 200, ...requestId(id), body }, error: null };
  }
  if (result.type === "errored") {
    const stated = readError(result.error);
    const { status, id } = stated;
    const response = { status_code: status, ...requestId(id), body: bodies.error(stated) };
    return { custom_id, response, error: null };
  }
  return { custom_id, response: null, error: unanswered.get(result.type) ?? other(result.type) };
}

function requestId(id: string | undefined): { readonly request_id?: string } {
  return id === undefined ? {} : { request_id: id };
}

const unknownShape: ResultError = {
  code: "invalid_response",
  message: "The answer has an unknown shape.",
};

const unanswered: ReadonlyMap<string, ResultError> = new Map([
  [
    "expired",
    { code: "batch_expired", message: "The batch expired before Claude came to this request." },
  ],
  [
    "canceled",
    {
      code: "batch_cancelled",
      message: "The batch was cancelled before Claude came to this request.",
    },
  ],
]);

function other(type: string): ResultError {
  return { code: type, message: `Claude gave no answer, but the result "${type.slice(0, 100)}".` };
}

/** What an error says. */
interface StatedError {
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly message: string;
  /** The request's id, where it is told. */
  readonly id: string | undefined;
  /** The error in Claude's own envelope. */
  readonly envelope: Fields;
}

/** Anthropic API reference, errors; npm `@anthropic-ai/sdk` 1.12.0, `resources/shared.d.ts`. */
const statuses: ReadonlyMap<string, number> = new Map([
  ["invalid_request_error", 400],
  ["authentication_error", 401],
  ["billing_error", 402],
  ["permission_error", 403],
  ["not_found_error", 404],
  ["request_too_large", 413],
  ["rate_limit_error", 429],
  ["api_error", 500],
  ["timeout_error", 504],
  ["overloaded_error", 529],
]);

/** The error is nested twice, `{ error: { error } }`; one that is not is taken as well. */
function readError(value: unknown): StatedError {
  const outer = isRecord(value) ? value : {};
  const isNested = isRecord(outer.error);
  const inner = isRecord(outer.error) ? outer.error : outer;
  const type = textOf(inner.type) ?? "unknown_error";
  const details = isRecord(inner.details) ? inner.details : {};
  const message = textOf(inner.message) ?? "Claude gave no reason.";
  return {
    status: statuses.get(type) ?? 500,
    type,
    code: textOf(details.error_code) ?? type,
    message,
    id: textOf(outer.request_id),
    envelope: isNested ? outer : { type: "error", error: { ...inner, type, message } },
  };
}
