const newline = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark: Buffer = Buffer.from([0xef, 0xbb, 0xbf]);
const nothing: Buffer = Buffer.alloc(0);

/** One line that is not blank. */
export interface Line {
  /** Its number in the input, blank lines counted; the first is 1. */
  readonly number: number;
  /** Its bytes without the line end. Empty where the line is over the limit. */
  readonly bytes: Buffer;
  /** Its length in bytes; over the limit where it is longer than `bytes`. */
  readonly length: number;
}

/** A line, and where its first byte lies in what was read. */
export interface ReadLine extends Line {
  readonly start: number;
}

/** Whether the line that lies from `start` up to but not including `end` may be of use. */
export type LineFilter = (bytes: Buffer, start: number, end: number) => boolean;

/**
 * Cuts bytes into lines, one array per chunk that ends any, so that nothing is awaited per line.
 * Only LF ends a line (U+2028 is text); a CR before it, one byte order mark, blank lines and a
 * missing last line end are taken as what they are. A line over `maxBytes` comes without its bytes,
 * so that a file without line ends cannot fill the memory. Default: 256 MiB. Of the lines that
 * `mayBeWanted` denies, most are left out, before anything is made of them.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  {
    maxBytes = 268_435_456,
    mayBeWanted,
  }: { readonly maxBytes?: number; readonly mayBeWanted?: LineFilter } = {},
): AsyncGenerator<readonly ReadLine[]> {
  let number = 0;
  let offset = 0;
  let lineStart = 0;
  let rest: Buffer[] = [];
  let restLength = 0;

  function keepRest(bytes: Buffer): void {
    if (bytes.length === 0) return;
    restLength += bytes.length;
    if (restLength <= maxBytes) rest.push(bytes);
    else rest = [];
  }

  /** The line that `end` completes, or `undefined` where it is blank. */
  function complete(end: Buffer): ReadLine | undefined {
    number += 1;
    const length = restLength + end.length;
    let bytes = end;
    if (restLength > 0) {
      bytes = length > maxBytes ? nothing : Buffer.concat([...rest, end]);
      rest = [];
      restLength = 0;
    }
    if (length > maxBytes) return { number, start: lineStart, bytes: nothing, length };
    if (number === 1 && startsWith(bytes, byteOrderMark)) bytes = bytes.subarray(3);
    if (bytes[bytes.length - 1] === carriageReturn) bytes = bytes.subarray(0, -1);
    if (isBlank(bytes)) return undefined;
    return { number, start: lineStart, bytes, length: bytes.length };
  }

  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: ReadLine[] = [];
    let start = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
      if (restLength === 0 && mayBeWanted && !mayBeWanted(bytes, start, end)) {
        number += 1;
      } else {
        const line = complete(bytes.subarray(start, end));
        if (line) lines.push(line);
      }
      start = end + 1;
      lineStart = offset + start;
    }
    keepRest(bytes.subarray(start));
    offset += bytes.length;
    if (lines.length > 0) yield lines;
  }
  const last = restLength > 0 ? complete(nothing) : undefined;
  if (last) yield [last];
}

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.subarray(0, prefix.length).equals(prefix);
}

/** JSON's own white space; the first byte decides for every line that is not blank. */
function isBlank(bytes: Buffer): boolean {
  // By index: to make an iterator for each line takes longer than the look itself.
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== carriageReturn) return false;
  }
  return true;
}
