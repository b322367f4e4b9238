import { randomUUID } from "node:crypto";
import type { File } from "@google-cloud/storage";
import { LangBatchError } from "@langbatch/core";
import { type Asked, addressOf } from "./asked.js";
import { gcsError, isBucketMissing } from "./gcs-error.js";
import { readSdkError } from "./sdk-error.js";

/** What the service has made of a write. */
export interface WrittenObject {
  readonly generation: string;
  /** In base64. */
  readonly crc32c: string | undefined;
}

/** Under this name every object carries the id of the write that made it. */
const writeIdName = "langbatch-write-id";

/** A random id for one write. */
export function newWriteId(): string {
  return randomUUID();
}

/** What every object is stored with. */
export function metadataOf(writeId: string): {
  readonly contentType: string;
  readonly cacheControl: string;
  readonly metadata: Readonly<Record<string, string>>;
} {
  return {
    contentType: "application/octet-stream",
    // Objects that everybody may read are cached for an hour otherwise: Cloud Storage, "Consistency".
    cacheControl: "no-store",
    metadata: { [writeIdName]: writeId },
  };
}

/** What the SDK has of an object after a write, or after it was asked. @throws where it has nothing. */
export function writtenObject({ metadata }: File): WrittenObject {
  const { generation, crc32c } = metadata;
  if (generation === undefined) throw new Error("The answer names no generation.");
  return { generation: String(generation), crc32c };
}

/**
 * Finds out what became of a write that failed. The answer to a write that worked may be lost; the SDK
 * then sends it again and is told 412 because of the very object that it wrote. So the object is looked
 * at: where it carries this write's id, the write worked.
 *
 * Somebody who has followed our lost write since looks like somebody who was first: the caller then
 * reads what is there, which is what it does after any conflict.
 *
 * @throws `storage_conflict` where somebody else was first, otherwise what `error` says.
 */
export async function settleWrite(
  error: unknown,
  writeId: string,
  asked: Asked,
): Promise<WrittenObject> {
  const { status } = readSdkError(error);
  // Refused before anything could be written, and a look would be refused as well.
  if (status === 401 || isBucketMissing(error)) throw gcsError(error, asked);
  const file = asked.place.bucket.file(asked.name);
  let foundId: unknown;
  try {
    const [metadata] = await file.getMetadata();
    foundId = metadata.metadata?.[writeIdName];
  } catch (reading) {
    // Where there is no object any more, it is somebody else's doing; otherwise nobody can say.
    if (readSdkError(reading).status !== 404) {
      throw status === 412
        ? gcsError(reading, { ...asked, action: "read" })
        : gcsError(error, asked);
    }
  }
  if (foundId === writeId) return writtenObject(file);
  if (status === 412) throw conflict(asked);
  throw gcsError(error, asked);
}

/** Somebody else was first. */
export function conflict(asked: Asked): LangBatchError {
  return new LangBatchError(
    "storage_conflict",
    asked.name.endsWith(".blob")
      ? `The blob ${addressOf(asked)} is already written.`
      : `Somebody else wrote the record ${addressOf(asked)} first.`,
  );
}
