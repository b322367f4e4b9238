import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

const newline = 0x0a;
const writeBlockLength = 1_048_576;

/** One line of a file that is not blank. */
export interface TextLine {
  /** Its number in the file, blank lines counted; the first is 1. */
  readonly number: number;
  /** Its bytes without the line end. */
  readonly bytes: Buffer;
}

/** Reads a file's lines from the byte `start` on, one array per chunk, so that memory stays flat. */
export async function* readFileLines(path: string, start = 0): AsyncGenerator<TextLine[]> {
  let number = 0;
  let rest: Buffer[] = [];

  function take(end: Buffer, lines: TextLine[]): void {
    number += 1;
    const bytes = rest.length === 0 ? end : Buffer.concat([...rest, end]);
    rest = [];
    if (!isBlank(bytes)) lines.push({ number, bytes });
  }

  for await (const chunk of createReadStream(path, { start, highWaterMark: 262_144 })) {
    const bytes: Buffer = chunk;
    const lines: TextLine[] = [];
    let from = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, from)) {
      take(bytes.subarray(from, end), lines);
      from = end + 1;
    }
    if (from < bytes.length) rest.push(bytes.subarray(from));
    yield lines;
  }
  const last: TextLine[] = [];
  if (rest.length > 0) take(Buffer.alloc(0), last);
  yield last;
}

/** A line is mostly text, so the first byte decides nearly always. */
function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

/** Writes text to the end of a file in large blocks. */
export interface TextWriter {
  /** How many bytes the file will hold once everything is flushed. */
  readonly bytes: number;
  /** Adds text; it is in the file after the next flush. */
  add(text: string): void;
  /** Whether enough is waiting for a flush to be worth it. */
  readonly isFull: boolean;
  flush(): Promise<void>;
  /** Flushes and closes the file. */
  close(): Promise<void>;
}

/**
 * Writes a file from its first `keep` bytes on. Default: all of it. A file that is to be new and gets
 * no text is not made.
 */
export function createTextWriter(path: string, keep = 0): TextWriter {
  let handle: FileHandle | undefined;
  let bytes = keep;
  let written = keep;
  let waiting: string[] = [];
  let waitingLength = 0;

  async function openFile(): Promise<FileHandle> {
    if (keep === 0) return open(path, "w");
    const kept = await open(path, "r+");
    await kept.truncate(keep);
    return kept;
  }

  async function flush(): Promise<void> {
    if (waiting.length === 0) return;
    handle ??= await openFile();
    const block = Buffer.from(waiting.join(""));
    waiting = [];
    waitingLength = 0;
    for (let done = 0; done < block.length; ) {
      const { bytesWritten } = await handle.write(block, done, block.length - done, written);
      done += bytesWritten;
      written += bytesWritten;
    }
  }

  return {
    get bytes() {
      return bytes;
    },
    add(text) {
      if (text === "") return;
      waiting.push(text);
      waitingLength += text.length;
      bytes += Buffer.byteLength(text);
    },
    get isFull() {
      return waitingLength >= writeBlockLength;
    },
    flush,
    async close() {
      try {
        await flush();
      } finally {
        await handle?.close();
      }
    },
  };
}
