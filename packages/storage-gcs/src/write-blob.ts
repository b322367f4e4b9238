import type { Asked } from "./asked.js";
import { type Blocks, blocksOf } from "./blocks.js";
import { putObject } from "./put-object.js";
import { uploadObject } from "./upload-object.js";

/** Up to here one request takes it whole; more goes in requests of this size. */
const chunkBytes = 8 * 1_048_576;

/**
 * Streams `data` to an object that must not exist yet.
 *
 * @throws what `data` throws, as it is; `storage_conflict` where the name is taken.
 */
export async function writeOnce(
  data: AsyncIterable<Uint8Array>,
  asked: Asked,
): Promise<{ bytes: number; sha256: string }> {
  const blocks = blocksOf(data, asked.place);
  try {
    const { first, isAll } = await firstOf(blocks);
    if (isAll) await putObject(Buffer.concat(first), "0", asked);
    else await uploadObject(rejoined(first, blocks), blocks, chunkBytes, asked);
  } catch (error) {
    if (blocks.failure) throw blocks.failure.error;
    throw error;
  } finally {
    // Where the upload ended first, the source is told.
    await blocks.stream.return().catch(() => undefined);
  }
  return { bytes: blocks.bytes, sha256: blocks.sha256() };
}

async function firstOf({ stream }: Blocks): Promise<{ first: Buffer[]; isAll: boolean }> {
  const first: Buffer[] = [];
  for (let bytes = 0; bytes < chunkBytes; ) {
    const next = await stream.next();
    if (next.done) return { first, isAll: true };
    first.push(next.value);
    bytes += next.value.length;
  }
  return { first, isAll: false };
}

async function* rejoined(first: Buffer[], { stream }: Blocks): AsyncGenerator<Buffer> {
  // Given away one by one: they are not held while the rest is sent.
  for (let block = first.shift(); block; block = first.shift()) yield block;
  yield* stream;
}
