import { LangBatchError } from "@langbatch/core";
import { type Asked, addressOf } from "./asked.js";
import { newCrc32c } from "./crc32c.js";
import { type Download, download } from "./download.js";
import { gcsError } from "./gcs-error.js";
import { waitToRetry } from "./read-retry.js";
import { readSdkError } from "./sdk-error.js";

/** How often a broken download is taken up again without one more byte. */
const maxBreaks = 3;

/** Bytes of an object, all of one generation. */
export interface ObjectReader {
  readonly chunks: AsyncGenerator<Buffer, void, undefined>;
  /** Known when the first chunk, or the end, is there. */
  readonly generation: string | undefined;
}

/** Which bytes are read. */
export interface ReadRange {
  readonly start: number;
  /** Not included itself. */
  readonly end: number;
  /** How many are asked for at once. Default: all. */
  readonly partBytes?: number;
}

/** All of them. */
export const wholeObject: ReadRange = { start: 0, end: Number.POSITIVE_INFINITY };

/**
 * Reads bytes of an object. A connection that breaks on the way is taken up again where it broke: a
 * reader may take hours between two chunks, and the service closes what is idle. The checksum of what
 * is read whole is verified at its end.
 *
 * @throws what the SDK throws where the service refuses, else a `LangBatchError`.
 */
export function readObject(asked: Asked, range: ReadRange): ObjectReader {
  const { start, end, partBytes = Number.POSITIVE_INFINITY } = range;
  let generation: string | undefined;

  async function* read(): AsyncGenerator<Buffer, void, undefined> {
    const crc32c = start === 0 && end === Number.POSITIVE_INFINITY && newCrc32c(asked.place);
    let position = start;
    for (let breaks = 0, refusals = 0; ; ) {
      const stop = Math.min(end, position + partBytes);
      const part = open(position, stop);
      let failure: unknown;
      try {
        for await (const chunk of part.chunks) {
          generation ??= part.head?.generation;
          position += chunk.length;
          breaks = 0;
          refusals = 0;
          if (crc32c) crc32c.update(chunk);
          yield chunk;
        }
      } catch (error) {
        const isRefused = (readSdkError(error).status ?? 0) >= 400;
        if (part.head === undefined || isRefused) {
          refusals += 1;
          if (await waitToRetry(error, refusals, asked.place)) continue;
          throw error;
        }
        failure = error;
      }
      const { size, end: promised, crc32c: stored } = part.head ?? unknownHead(position);
      generation ??= part.head?.generation;
      if (position < promised) {
        breaks += 1;
        if (breaks > maxBreaks)
          throw failure ? gcsError(failure, asked) : tooShort(asked, position);
      } else if (position >= Math.min(end, size)) {
        if (crc32c && stored !== undefined && crc32c.base64() !== stored) throw damaged(asked);
        return;
      }
    }
  }

  function open(position: number, stop: number): Download {
    const { place, name } = asked;
    const file = place.bucket.file(name, generation === undefined ? {} : { generation });
    if (position === 0 && stop === Number.POSITIVE_INFINITY) return download(file);
    return download(file, { start: position, end: stop });
  }

  return {
    chunks: read(),
    get generation() {
      return generation;
    },
  };
}

/** Where the SDK shows no answer, what has come must be all. */
function unknownHead(position: number): {
  readonly size: number;
  readonly end: number;
  readonly crc32c?: string;
} {
  return { size: position, end: position };
}

function damaged(asked: Asked): LangBatchError {
  return new LangBatchError(
    "storage_failed",
    `${addressOf(asked)} arrived damaged: its checksum is not that of what was stored. Try again.`,
    { retryable: true },
  );
}

function tooShort(asked: Asked, position: number): LangBatchError {
  return new LangBatchError(
    "storage_failed",
    `The download of ${addressOf(asked)} ended after ${position} bytes, too early. Try again.`,
    { retryable: true },
  );
}
