import { createHash } from "node:crypto";
import { type Crc32c, newCrc32c } from "./crc32c.js";
import type { Place } from "./place.js";

/** Not more: until an upload ends, the SDK holds on to a block of each of its requests. */
const blockBytes = 131_072;

/** A source cut anew, with what has come of it so far. */
export interface Blocks {
  /** Every byte of the source, copied to blocks of 128 KiB that nobody uses again. */
  readonly stream: AsyncGenerator<Buffer, void, undefined>;
  readonly bytes: number;
  readonly crc32c: Crc32c;
  /** SHA-256 as lower-case hex; called once, at the end. */
  sha256(): string;
  /** What the source threw, in a box: it may throw anything. */
  readonly failure: { readonly error: unknown } | undefined;
}

/** Cuts `data` anew, whose chunks may be as short as a line and are only valid one at a time. */
export function blocksOf(data: AsyncIterable<Uint8Array>, place: Place): Blocks {
  const hash = createHash("sha256");
  const crc32c = newCrc32c(place);
  let bytes = 0;
  let failure: { readonly error: unknown } | undefined;

  function counted(block: Buffer): Buffer {
    hash.update(block);
    crc32c.update(block);
    bytes += block.length;
    return block;
  }

  async function* cut(): AsyncGenerator<Buffer, void, undefined> {
    let block = Buffer.allocUnsafe(blockBytes);
    let filled = 0;
    try {
      for await (const chunk of data) {
        for (let rest = chunk; rest.length > 0; ) {
          const part = rest.subarray(0, blockBytes - filled);
          block.set(part, filled);
          filled += part.length;
          rest = rest.subarray(part.length);
          if (filled < blockBytes) continue;
          yield counted(block);
          block = Buffer.allocUnsafe(blockBytes);
          filled = 0;
        }
      }
    } catch (error) {
      failure = { error };
      throw error;
    }
    if (filled > 0) yield counted(block.subarray(0, filled));
  }

  return {
    stream: cut(),
    get bytes() {
      return bytes;
    },
    crc32c,
    sha256: () => hash.digest("hex"),
    get failure() {
      return failure;
    },
  };
}
