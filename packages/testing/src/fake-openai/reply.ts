import { createReadStream } from "node:fs";
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** An answer that is not sent yet, so that a fault can still change it. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | FileRange;
}

/** A part of a file: the bytes from `start` up to `end`, which is not included. */
interface FileRange {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** A JSON answer. */
export function jsonReply(status: number, value: object): Reply {
  const headers = { "content-type": "application/json" };
  return { status, headers, body: Buffer.from(JSON.stringify(value)) };
}

/** A page of things in OpenAI's list envelope; `data` shows what is in `page`. */
export function listObject(
  data: readonly object[],
  page: readonly { readonly id: string }[],
  hasMore: boolean,
): object {
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
}

/** An answer in OpenAI's error envelope. */
export function errorReply(status: number, message: string, details: ErrorDetails = {}): Reply {
  const { param = null, code = null } = details;
  return jsonReply(status, { error: { message, type: errorType(status), param, code } });
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

/** How many bytes the body holds. */
function bodyLength({ body }: Reply): number {
  return Buffer.isBuffer(body) ? body.length : body.end - body.start;
}

/**
 * Sends the reply. `cut` sends only the first bytes and says so in Content-Length; `breakAfter`
 * announces the whole body and breaks the connection after the first bytes.
 */
export async function sendReply(
  reply: Reply,
  response: ServerResponse,
  { cut, breakAfter }: { readonly cut?: number; readonly breakAfter?: number } = {},
): Promise<void> {
  const whole = bodyLength(reply);
  const sent = Math.min(cut ?? breakAfter ?? whole, whole);
  const announced = cut === undefined ? whole : sent;
  response.writeHead(reply.status, { ...reply.headers, "content-length": announced });
  if (sent === 0) response.flushHeaders();
  else await pipeline(bodyStream(reply.body, sent), response, { end: false });
  if (breakAfter === undefined) response.end();
  // Not destroyed at once: what was sent shall arrive before the connection breaks.
  else response.socket?.destroySoon();
}

function bodyStream(body: Reply["body"], bytes: number): Readable {
  if (Buffer.isBuffer(body)) return Readable.from([body.subarray(0, bytes)]);
  const { path, start } = body;
  return createReadStream(path, { start, end: start + bytes - 1, highWaterMark: 262_144 });
}
