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

/** How a fault changes an answer on its way. */
export interface SendOptions {
  /** Sends only so many bytes and says so in Content-Length. */
  readonly cut?: number;
  /** Announces the whole body and breaks the connection after so many bytes. */
  readonly breakAfter?: number;
  /** Changes the last byte. */
  readonly corrupt?: boolean;
}

/** A JSON answer. */
export function jsonReply(status: number, value: object): Reply {
  const headers = { "content-type": "application/json" };
  return { status, headers, body: Buffer.from(JSON.stringify(value)) };
}

/** An answer without a body. */
export function emptyReply(status: number, headers: Reply["headers"] = {}): Reply {
  return { status, headers, body: Buffer.alloc(0) };
}

/** Sends the reply, as a fault wants it. */
export async function sendReply(
  reply: Reply,
  response: ServerResponse,
  { cut, breakAfter, corrupt = false }: SendOptions = {},
): Promise<void> {
  const { body } = reply;
  const whole = Buffer.isBuffer(body) ? body.length : body.end - body.start;
  const sent = Math.min(cut ?? breakAfter ?? whole, whole);
  const announced = cut === undefined ? whole : sent;
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value);
  // RFC 9110, section 8.6: an answer 204 has no such header.
  if (reply.status !== 204) response.setHeader("content-length", announced);
  response.writeHead(reply.status);
  if (Buffer.isBuffer(body) && !corrupt && breakAfter === undefined) {
    response.end(body.subarray(0, sent));
    return;
  }
  if (sent === 0) response.flushHeaders();
  else await pipeline(bodyStream(body, sent, corrupt), response, { end: false });
  if (breakAfter === undefined) response.end();
  // Not destroyed at once: what was sent shall arrive before the connection breaks.
  else response.socket?.destroySoon();
}

function bodyStream(body: Reply["body"], bytes: number, corrupt: boolean): Readable {
  const stream = Buffer.isBuffer(body)
    ? Readable.from([body.subarray(0, bytes)])
    : createReadStream(body.path, {
        start: body.start,
        end: body.start + bytes - 1,
        highWaterMark: 262_144,
      });
  return corrupt ? Readable.from(withLastByteChanged(stream, bytes)) : stream;
}

async function* withLastByteChanged(
  stream: AsyncIterable<Buffer>,
  bytes: number,
): AsyncGenerator<Buffer> {
  let passed = 0;
  for await (const chunk of stream) {
    passed += chunk.length;
    if (passed < bytes) {
      yield chunk;
      continue;
    }
    const changed = Buffer.from(chunk);
    changed[changed.length - 1] = ~(changed.at(-1) ?? 0) & 0xff;
    yield changed;
  }
}
