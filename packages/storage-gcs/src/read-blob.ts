import { LangBatchError } from "@langbatch/core";
import { type Asked, addressOf } from "./asked.js";
import { gcsError, isBucketMissing, isNotFound } from "./gcs-error.js";
import { readObject } from "./read-object.js";
import { readSdkError } from "./sdk-error.js";

/** What is asked for at once: much for one request, and not too much to forget. */
const partBytes = 16 * 1_048_576;

/**
 * The bytes of a blob from `start` up to but not including `end`.
 *
 * @throws `not_found` where there is no such blob.
 */
export async function* readFrom(
  asked: Asked,
  {
    start = 0,
    end = Number.POSITIVE_INFINITY,
  }: { readonly start?: number; readonly end?: number } = {},
): AsyncGenerator<Uint8Array> {
  if (!isPosition(start) || !(isPosition(end) || end === Number.POSITIVE_INFINITY)) {
    throw new LangBatchError(
      "invalid_option",
      `A blob is read from one count of bytes to another, not from ${start} to ${end}.`,
    );
  }
  let read = 0;
  try {
    if (end <= start) {
      await asked.place.bucket.file(asked.name).getMetadata();
      return;
    }
    for await (const chunk of readObject(asked, { start, end, partBytes }).chunks) {
      read += chunk.length;
      yield chunk;
    }
  } catch (error) {
    // Nothing of the range is there: RFC 9110, section 15.5.17.
    if (read === 0 && readSdkError(error).status === 416) return;
    throw read === 0 ? blobError(error, asked) : gcsError(error, asked);
  }
}

function isPosition(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function blobError(error: unknown, asked: Asked): LangBatchError {
  const failed = gcsError(error, asked);
  if (LangBatchError.is(error) || !isNotFound(error) || isBucketMissing(error)) return failed;
  const { cause } = failed;
  return new LangBatchError("not_found", `There is no blob at ${addressOf(asked)}.`, { cause });
}
