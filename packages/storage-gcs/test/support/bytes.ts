import { randomBytes } from "node:crypto";
import type { Storage } from "@langbatch/core";

export const value: Uint8Array = Buffer.from("a value");

/** Random bytes, in chunks as a source gives them: of 64 KiB, all in one buffer. */
export async function* reusedBuffer(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(65_536);
  for (let start = 0; start < bytes.length; start += buffer.length) {
    const part = bytes.subarray(start, start + buffer.length);
    buffer.set(part);
    yield buffer.subarray(0, part.length);
  }
}

/** A source for a blob, of one chunk. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const many: Buffer = randomBytes(16_900_003);

/** Enough for two requests of a resumable upload, the last of them short. */
export function manyBytes(): Buffer {
  return many.subarray(0, 8_500_003);
}

/** Enough for three, and for two of a download. */
export function moreBytes(): Buffer {
  return many;
}

export async function readBlob(
  storage: Storage,
  key: string,
  range?: { readonly start?: number; readonly end?: number },
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of storage.readBlob(key, range)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function keysOf(storage: Storage, prefix = ""): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.list(prefix)) keys.push(key);
  return keys.sort();
}
