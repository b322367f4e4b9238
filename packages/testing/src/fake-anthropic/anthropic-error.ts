import { jsonReply, type Reply } from "../fake-http/reply.js";

/** Anthropic API documentation, "Errors": the type that goes with each HTTP status. */
const types: ReadonlyMap<number, string> = new Map([
  [400, "invalid_request_error"],
  [401, "authentication_error"],
  [402, "billing_error"],
  [403, "permission_error"],
  [404, "not_found_error"],
  [413, "request_too_large"],
  [429, "rate_limit_error"],
  [500, "api_error"],
  [504, "timeout_error"],
  [529, "overloaded_error"],
]);

/** Anthropic's error envelope, as it stands in an answer and in a result line. */
export interface ErrorEnvelope {
  readonly type: "error";
  readonly error: { readonly type: string; readonly message: string };
  readonly request_id: string;
}

/** The envelope: npm `@anthropic-ai/sdk` 1.12.0, `resources/shared.d.ts`, `ErrorResponse`. */
export function errorEnvelope(type: string, message: string, requestId: string): ErrorEnvelope {
  return { type: "error", error: { type, message }, request_id: requestId };
}

/** An answer in the envelope, with the type that goes with its status. */
export function errorReply(status: number, message: string, requestId: string): Reply {
  const type = types.get(status) ?? (status >= 500 ? "api_error" : "invalid_request_error");
  return jsonReply(status, errorEnvelope(type, message, requestId));
}

/** Thrown where a request is refused. */
export class Refusal extends Error {
  readonly status: number;
  /** Headers beside those of every answer. */
  readonly headers: Reply["headers"];

  constructor(status: number, message: string, headers: Reply["headers"] = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}
