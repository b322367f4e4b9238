export async function* chunks(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

/** Chunks of 1 byte, of none, and of ever more up to the whole rest. */
export async function* oddChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (let size = 1; start < bytes.length; size = size * 3 + 1) {
    yield bytes.subarray(start, start + size);
    yield new Uint8Array();
    start += size;
  }
}
