const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;

/** Where a value lies in a line: its bytes are `line.subarray(start, end)`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the value of a field of a JSON object without parsing the rest: a strict walk over bytes
 * that only looks at the outermost level, so a body that holds the same words is never taken for it.
 * The first occurrence counts. `undefined` where the line has no such field, is no JSON object, or
 * writes a field name with escapes; then only parsing tells.
 */
export function topLevelValue(line: Buffer, field: string): ByteRange | undefined {
  let at = skipSpace(line, 0);
  if (line[at] !== 0x7b) return undefined;
  at = skipSpace(line, at + 1);
  while (line[at] === quote) {
    const nameEnd = stringEnd(line, at);
    if (nameEnd === -1) return undefined;
    const found = isField(line, at + 1, nameEnd - 1, field);
    if (found === undefined) return undefined;
    at = skipSpace(line, nameEnd);
    if (line[at] !== colon) return undefined;
    const start = skipSpace(line, at + 1);
    const end = valueEnd(line, start);
    if (end === -1) return undefined;
    if (found) return { start, end };
    at = skipSpace(line, end);
    if (line[at] !== comma) return undefined;
    at = skipSpace(line, at + 1);
  }
  return undefined;
}

/** The value of a string field of the line, or `undefined` where {@link topLevelValue} finds no string. */
export function topLevelString(line: Buffer, field: string): string | undefined {
  const range = topLevelValue(line, field);
  if (!range || line[range.start] !== quote) return undefined;
  const text = line.toString("utf8", range.start + 1, range.end - 1);
  return text.includes("\\") ? parseString(`"${text}"`) : text;
}

function parseString(json: string): string | undefined {
  try {
    return JSON.parse(json) as string;
  } catch {
    return undefined;
  }
}

/** `undefined` where the name is written with escapes and may be any. */
function isField(line: Buffer, start: number, end: number, field: string): boolean | undefined {
  if (end - start === field.length && line.toString("latin1", start, end) === field) return true;
  return line.subarray(start, end).includes(backslash) ? undefined : false;
}

/** Where the value that starts at `start` ends, or -1. Strings are skipped natively. */
export function valueEnd(line: Buffer, start: number): number {
  if (line[start] === quote) return stringEnd(line, start);
  let depth = 0;
  for (let at = start; at < line.length; at += 1) {
    switch (line[at]) {
      case quote: {
        const end = stringEnd(line, at);
        if (end === -1) return -1;
        at = end - 1;
        break;
      }
      case 0x7b: // {
      case 0x5b: // [
        depth += 1;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        if (depth === 0) return at;
        depth -= 1;
        if (depth === 0) return at + 1;
        break;
      case comma:
        if (depth === 0) return at;
        break;
    }
  }
  return -1;
}

/** One past the closing quote of the string that opens at `start`, or -1. */
function stringEnd(line: Buffer, start: number): number {
  let end = line.indexOf(quote, start + 1);
  while (end !== -1 && isEscaped(line, end)) end = line.indexOf(quote, end + 1);
  return end === -1 ? -1 : end + 1;
}

function isEscaped(line: Buffer, at: number): boolean {
  let backslashes = 0;
  while (line[at - 1 - backslashes] === backslash) backslashes += 1;
  return backslashes % 2 === 1;
}

/** The first place from `start` on where no white space is. */
export function skipSpace(line: Buffer, start: number): number {
  let at = start;
  while (isSpace(line[at])) at += 1;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;
}
