const newline = 0x0a;

/** Gathers lines into one block of about 1 MiB, so that a write, a hash and an await cover many. */
export interface LineBlock {
  /** Appends the line, a text as UTF-8, and what stands after it. Default: a line end. */
  add(line: Uint8Array | string, end?: Uint8Array): void;
  /** Whether it is time to {@link LineBlock.take}. */
  readonly isFull: boolean;
  /** The bytes gathered since the last take. They are valid until the next line is added. */
  take(): Uint8Array;
}

const blockBytes = 1_048_576;

/** What is enough for a batch of some requests; a larger one grows once. */
const firstBlockBytes = 16_384;

export function lineBlock(): LineBlock {
  let block = Buffer.allocUnsafe(firstBlockBytes);
  let used = 0;

  return {
    add(line, end) {
      const isText = typeof line === "string";
      const length = isText ? Buffer.byteLength(line) : line.length;
      const needed = used + length + (end?.length ?? 1);
      if (needed > block.length) {
        const larger = Buffer.allocUnsafe(Math.max(needed, block.length * 2));
        block.copy(larger, 0, 0, used);
        block = larger;
      }
      if (isText) block.write(line, used);
      else block.set(line, used);
      if (end) block.set(end, used + length);
      else block[needed - 1] = newline;
      used = needed;
    },
    get isFull() {
      return used >= blockBytes - 65_536;
    },
    take() {
      const taken = block.subarray(0, used);
      // One that had to grow for a long line is not kept.
      if (block.length > blockBytes) block = Buffer.allocUnsafe(blockBytes);
      used = 0;
      return taken;
    },
  };
}

/** The lines as JSONL bytes in blocks, each valid until the next one is asked for. */
export async function* joinLines(
  lines: AsyncIterable<Iterable<Uint8Array>> | Iterable<Iterable<Uint8Array>>,
): AsyncGenerator<Uint8Array> {
  const block = lineBlock();
  for await (const some of lines) {
    for (const line of some) {
      block.add(line);
      if (block.isFull) yield block.take();
    }
  }
  yield block.take();
}
