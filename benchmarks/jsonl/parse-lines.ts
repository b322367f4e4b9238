import { createReadStream } from "node:fs";

const newline = 0x0a;

/**
 * The least that anybody does who looks at every request: reads chunks of 1 MiB, finds the line ends
 * and parses each line. Each chunk is given to `onChunk` first.
 *
 * @returns how many lines there were.
 */
export async function parseLines(
  path: string,
  onChunk?: (chunk: Buffer) => Promise<unknown>,
): Promise<number> {
  let count = 0;
  let rest: Buffer = Buffer.alloc(0);
  const stream = createReadStream(path, { highWaterMark: 1_048_576 });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    await onChunk?.(chunk);
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      const line = chunk.subarray(start, end);
      JSON.parse((start === 0 ? Buffer.concat([rest, line]) : line).toString("utf8"));
      count += 1;
      start = end + 1;
    }
    rest = chunk.subarray(start);
  }
  return count;
}
