import { joinLines } from "./line-block.js";
import { type Line, readLines } from "./read-lines.js";

/** JSONL bytes with another line in place of each, made when it is needed, in blocks. */
export function mapLines(
  chunks: AsyncIterable<Uint8Array>,
  toLine: (line: Buffer) => Uint8Array,
): AsyncGenerator<Uint8Array> {
  async function* mapped(): AsyncGenerator<Iterable<Uint8Array>> {
    for await (const lines of readLines(chunks)) yield each(lines, toLine);
  }
  return joinLines(mapped());
}

/** One at a time: what they become may be many times as long. */
function* each(
  lines: readonly Line[],
  toLine: (line: Buffer) => Uint8Array,
): Generator<Uint8Array> {
  for (const { bytes } of lines) yield toLine(bytes);
}
