import { createReadStream } from "node:fs";

const newline = 0x0a;

/** Reads a JSONL file, a chunk at a time, and parses each line. */
export async function* parsedLines<Line>(path: string): AsyncGenerator<Line> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
      yield JSON.parse(bytes.toString("utf8", start, end)) as Line;
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
}
