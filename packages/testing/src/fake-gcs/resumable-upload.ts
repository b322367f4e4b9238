import { emptyReply, jsonReply, type Reply } from "../fake-http/reply.js";
import { readContentRange } from "./content-range.js";
import { Refusal } from "./google-error.js";
import { objectResource } from "./object-resource.js";
import type { RouteContext, RouteRequest } from "./routes.js";
import { storeObject } from "./store-object.js";
import type { UploadSession } from "./upload-sessions.js";

/** What every request of an upload but the last is a multiple of: the same page, "Chunk size". */
const granularity = 262_144;

/**
 * Takes bytes of a resumable upload, or says how many have come: 308 with `Range` until it is whole,
 * then the object. Cloud Storage, "Performing resumable uploads".
 *
 * @throws Refusal where there is no such session, the bytes do not fit, or a precondition fails.
 */
export async function continueUpload(context: RouteContext, request: RouteRequest): Promise<Reply> {
  const session = sessionOf(context, request);
  const range = readContentRange(request.headers["content-range"]);
  if (session.done) return jsonReply(200, objectResource(session.done, context.base()));
  if (session.busy) throw new Refusal(503, "Another request writes to this upload.");
  session.busy = true;
  try {
    if (range.start !== undefined) await take(session, range, request.body);
    const { bytes } = session.spool;
    // Without a header, or with "bytes 0-*", the end of the body is the end of the object.
    const isWhole = range.total === bytes || (range.start !== undefined && range.end === undefined);
    if (!isWhole) {
      if (((range.end ?? 0) - (range.start ?? 0)) % granularity !== 0) {
        throw new Refusal(
          400,
          `All chunks but the last must be multiples of ${granularity} bytes.`,
        );
      }
      return incomplete(session);
    }
    const { bucket, name, metadata, preconditions, spool } = session;
    session.done = await storeObject(context, {
      object: { bucket, name, metadata },
      spool,
      preconditions,
      hashes: request.headers["x-goog-hash"],
    });
    return jsonReply(200, objectResource(session.done, context.base()));
  } catch (error) {
    // What does not fit the preconditions or the checksums is over; a broken connection is not.
    if (error instanceof Refusal && error.status !== 503) {
      context.sessions.forget(session.id);
      await session.spool.discard();
    }
    throw error;
  } finally {
    session.busy = false;
  }
}

/** Cancels a resumable upload, which is answered with 499: the same page, "Cancel". */
export async function cancelUpload(context: RouteContext, request: RouteRequest): Promise<Reply> {
  const session = sessionOf(context, request);
  if (!session.done) await session.spool.discard();
  context.sessions.forget(session.id);
  return emptyReply(499);
}

function sessionOf({ sessions }: RouteContext, { url }: RouteRequest): UploadSession {
  return sessions.get(url.searchParams.get("upload_id") ?? "");
}

/** Adds what is new of the body: what has come before is skipped. */
async function take(
  { spool }: UploadSession,
  { start = 0, end }: { readonly start: number | undefined; readonly end: number | undefined },
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  if (start > spool.bytes) {
    throw new Refusal(503, `The bytes from ${spool.bytes} to ${start} are missing.`);
  }
  let position = start;
  for await (const chunk of body) {
    const known = Math.min(Math.max(spool.bytes - position, 0), chunk.length);
    position += chunk.length;
    await spool.write(chunk.subarray(known));
  }
  if (end !== undefined && position !== end) {
    throw new Refusal(400, `Content-Range announced bytes up to ${end}, but ${position} came.`);
  }
}

function incomplete({ spool }: UploadSession): Reply {
  // No such header where nothing has come: the same page, "Check the status".
  return emptyReply(308, spool.bytes > 0 ? { range: `bytes=0-${spool.bytes - 1}` } : {});
}
