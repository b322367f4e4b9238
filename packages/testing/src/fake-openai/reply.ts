import { jsonReply, type Reply } from "../fake-http/reply.js";

/** OpenAI's list envelope. */
export interface ListObject<Item extends object = object> {
  readonly object: "list";
  readonly data: readonly Item[];
  readonly first_id: string | null;
  readonly last_id: string | null;
  readonly has_more: boolean;
}

/** A page of things in OpenAI's list envelope; `data` shows what is in `page`. */
export function listObject<Item extends object>(
  data: readonly Item[],
  page: readonly { readonly id: string }[],
  hasMore: boolean,
): ListObject<Item> {
  return {
    object: "list",
    data,
    first_id: page.at(0)?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
    has_more: hasMore,
  };
}

/** What OpenAI says beside the message of an error: OpenAI API reference, "Errors". */
export interface ErrorDetails {
  readonly param?: string;
  readonly code?: string;
  /** Headers beside those of every answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer in OpenAI's error envelope. */
export function errorReply(status: number, message: string, details: ErrorDetails = {}): Reply {
  const { param = null, code = null, headers } = details;
  const reply = jsonReply(status, { error: { message, type: errorType(status), param, code } });
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

/** OpenAI API reference, "Error codes": a rate limit's type says what was limited. */
export function errorType(status: number): string {
  if (status === 429) return "requests";
  return status >= 500 ? "server_error" : "invalid_request_error";
}

/** Thrown where a request is refused; holds the answer. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(status: number, message: string, details?: ErrorDetails) {
    super(message);
    this.reply = errorReply(status, message, details);
  }
}
