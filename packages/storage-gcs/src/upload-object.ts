import { pipeline } from "node:stream/promises";
import type { File } from "@google-cloud/storage";
import { LangBatchError } from "@langbatch/core";
import { type Asked, addressOf } from "./asked.js";
import type { Blocks } from "./blocks.js";
import { deleteGeneration } from "./delete-generation.js";
import { gcsError, isBucketMissing, isNotFound } from "./gcs-error.js";
import {
  conflict,
  metadataOf,
  newWriteId,
  settleWrite,
  type WrittenObject,
  writtenObject,
} from "./written-object.js";

/**
 * Writes a big object that must not exist yet, in requests of `chunkBytes`, each sent again where it
 * was lost. The object is there when the last one is done.
 *
 * @throws `storage_conflict` where the name is taken.
 */
export async function uploadObject(
  data: AsyncIterable<Buffer>,
  blocks: Blocks,
  chunkBytes: number,
  asked: Asked,
): Promise<void> {
  // Asked first as well, so that nobody streams gigabytes to learn that the key is taken.
  if (await exists(asked)) throw conflict(asked);
  const writeId = newWriteId();
  const file = asked.place.bucket.file(asked.name);
  const preconditionOpts = { ifGenerationMatch: 0 };
  const metadata = metadataOf(writeId);
  let session: string | undefined;
  let written: WrittenObject;
  try {
    [session] = await file.createResumableUpload({ preconditionOpts, metadata });
    const target = file.createWriteStream({
      uri: session,
      // Nothing of it is there yet; otherwise the SDK asks.
      offset: 0,
      resumable: true,
      chunkSize: chunkBytes,
      validation: false,
      preconditionOpts,
      metadata,
    });
    await pipeline(data, target);
    written = writtenObject(file);
  } catch (error) {
    if (blocks.failure) {
      if (session !== undefined) await cancel(file, session);
      throw blocks.failure.error;
    }
    written = await settleWrite(error, writeId, asked);
  }
  if (written.crc32c === blocks.crc32c.base64()) return;
  // Only this one: whoever has written there since has another generation.
  await deleteGeneration(written.generation, asked);
  throw new LangBatchError(
    "storage_failed",
    `${addressOf(asked)} arrived damaged: its checksum is not that of what was sent. It was deleted; try again.`,
    { retryable: true },
  );
}

async function exists(asked: Asked): Promise<boolean> {
  try {
    await asked.place.bucket.file(asked.name).getMetadata();
    return true;
  } catch (error) {
    if (isNotFound(error) && !isBucketMissing(error)) return false;
    throw gcsError(error, asked);
  }
}

/**
 * Tells the service that no more will come, which it answers with 499. What it is not told it finds out
 * by itself a week later, and nobody sees or pays what has come by then: Cloud Storage, "Resumable
 * uploads". Who knows the address needs no token.
 */
async function cancel(file: File, session: string): Promise<void> {
  const cancelled = { method: "DELETE", uri: session, maxRetries: 0, timeout: 10_000 };
  await file.request(cancelled).catch(() => undefined);
}
