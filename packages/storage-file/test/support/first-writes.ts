import type { Storage } from "@langbatch/core";

export const value: Uint8Array = Buffer.from("a value");

/** Creates a record that holds {@link value}. */
export async function create(storage: Storage, key: string): Promise<string> {
  return (await storage.writeRecord(key, value, { expected: null })).revision;
}

/** A source for a blob, of one chunk. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
