const newline = 0x0a;
const carriageReturn = 0x0d;
const nothing: Buffer = Buffer.alloc(0);

/** One line that is not blank. */
export interface CutLine {
  /** Where its first byte lies in what it was cut from. */
  readonly start: number;
  /** Its bytes without the line end. Empty where the line is over the limit. */
  readonly bytes: Buffer;
}

/**
 * Cuts bytes into lines, one array per chunk that ends any, so that nothing is awaited per line. Only LF
 * ends a line; a CR before it, blank lines and a missing last line end are taken as what they are. A line
 * over `maxBytes` comes without its bytes. Default: 256 MiB.
 */
export async function* cutLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes = 268_435_456,
): AsyncGenerator<readonly CutLine[]> {
  let offset = 0;
  let lineStart = 0;
  let rest: Buffer[] = [];
  let restLength = 0;

  function keepRest(bytes: Buffer): void {
    restLength += bytes.length;
    if (restLength <= maxBytes) rest.push(bytes);
    else rest = [];
  }

  /** The line that `end` completes, or `undefined` where it is blank. */
  function complete(end: Buffer): CutLine | undefined {
    let bytes = end;
    if (restLength > 0) {
      bytes = restLength + end.length > maxBytes ? nothing : Buffer.concat([...rest, end]);
      const isTooLong = bytes === nothing;
      rest = [];
      restLength = 0;
      if (isTooLong) return { start: lineStart, bytes };
    }
    if (bytes[bytes.length - 1] === carriageReturn) bytes = bytes.subarray(0, -1);
    return isBlank(bytes) ? undefined : { start: lineStart, bytes };
  }

  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: CutLine[] = [];
    let start = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
      const line = complete(bytes.subarray(start, end));
      if (line) lines.push(line);
      start = end + 1;
      lineStart = offset + start;
    }
    if (start < bytes.length) keepRest(bytes.subarray(start));
    offset += bytes.length;
    if (lines.length > 0) yield lines;
  }
  const last = restLength > 0 ? complete(nothing) : undefined;
  if (last) yield [last];
}

/** JSON's own white space; the first byte decides for every line that is not blank. */
function isBlank(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== carriageReturn) return false;
  }
  return true;
}
