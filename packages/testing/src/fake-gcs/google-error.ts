import { jsonReply, type Reply } from "../fake-http/reply.js";

/** What Google says of an error beside its message. */
export interface GoogleErrorDetails {
  /** Google's word for it. Default: the usual one of the status. */
  readonly reason?: string;
  readonly locationType?: string;
  readonly location?: string;
}

/**
 * An answer in Google's error envelope: Cloud Storage JSON API, "HTTP status and error codes", "Error
 * response format".
 */
export function errorReply(
  status: number,
  message: string,
  { reason = reasonOf(status), ...place }: GoogleErrorDetails = {},
): Reply {
  const errors = [{ message, domain: "global", reason, ...place }];
  return jsonReply(status, { error: { code: status, message, errors } });
}

/**
 * The same as plain text, which is what a download (`alt=media`) is refused with: the SDKs take the
 * body as the message (npm `@google-cloud/storage` 7.22.0, `src/file.ts`, `createReadStream`).
 */
export function textErrorReply(status: number, message: string): Reply {
  const headers = { "content-type": "text/html; charset=UTF-8" };
  return { status, headers, body: Buffer.from(message) };
}

/** Thrown where a request is refused. */
export class Refusal extends Error {
  readonly status: number;
  readonly details: GoogleErrorDetails;

  constructor(status: number, message: string, details: GoogleErrorDetails = {}) {
    super(message);
    this.status = status;
    this.details = details;
  }
}

/** Google's usual words: the same page, "Status codes". */
function reasonOf(status: number): string {
  switch (status) {
    case 400:
      return "invalid";
    case 401:
      return "authError";
    case 403:
      return "forbidden";
    case 404:
      return "notFound";
    case 409:
      return "conflict";
    case 412:
      return "conditionNotMet";
    case 416:
      return "requestedRangeNotSatisfiable";
    case 429:
      return "rateLimitExceeded";
    default:
      return status >= 500 ? "backendError" : "badRequest";
  }
}
