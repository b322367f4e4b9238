import { LangBatchError } from "@langbatch/core";
import { type Asked, addressOf } from "./asked.js";
import { gcsError, isBucketMissing, isNotFound } from "./gcs-error.js";
import { putObject } from "./put-object.js";
import { readObject, wholeObject } from "./read-object.js";
import type { Turns } from "./turns.js";
import { conflict } from "./written-object.js";

/** The newest value of a record, and its generation as the revision. */
export async function readNewest(
  asked: Asked,
): Promise<{ value: Uint8Array; revision: string } | undefined> {
  for (let lost: string | undefined; ; ) {
    // One answer brings both the value and its generation, so they belong together.
    const reader = readObject(asked, wholeObject);
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of reader.chunks) chunks.push(chunk);
      if (!reader.generation) throw withoutGeneration(asked);
      return { value: Buffer.concat(chunks), revision: reader.generation };
    } catch (error) {
      const { generation } = reader;
      if (LangBatchError.is(error) || !isNotFound(error) || isBucketMissing(error)) {
        throw gcsError(error, asked);
      }
      if (generation === undefined) return undefined;
      // The connection broke, and the rest of this generation is gone: there is a newer one.
      if (generation === lost) throw gcsError(error, asked);
      lost = generation;
    }
  }
}

/**
 * Writes a record whose generation is still `expected`; `null` where there must be none.
 *
 * @throws `storage_conflict` where it is not.
 */
export async function writeNext(
  value: Uint8Array,
  expected: string | null,
  asked: Asked,
  turns: Turns,
): Promise<{ revision: string }> {
  // Anything else is no generation and never was one; 0 would mean that there must be no record.
  if (expected !== null && !/^[1-9]\d{0,18}$/.test(expected)) throw conflict(asked);
  const revision = await turns.run(asked.name, async (madeMeanwhile) => {
    // Generations only grow, so a newer one was made after what this caller has compared with.
    if (madeMeanwhile !== undefined && BigInt(expected ?? 0) < BigInt(madeMeanwhile)) {
      throw conflict(asked);
    }
    return putObject(value, expected ?? "0", asked);
  });
  return { revision };
}

function withoutGeneration(asked: Asked): LangBatchError {
  return new LangBatchError(
    "storage_failed",
    `The answer for ${addressOf(asked)} lacks the header x-goog-generation, without which nothing can be written safely. Check the proxy or the emulator in between.`,
  );
}
