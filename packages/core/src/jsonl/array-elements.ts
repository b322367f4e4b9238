import { type ByteRange, skipSpace, valueEnd } from "./top-level-value.js";

/**
 * Where the elements of a JSON array lie in its bytes, without parsing them; none where the bytes are
 * no array. A number, `true`, `false` or `null` may have white space behind it.
 */
export function arrayElements(json: Buffer): readonly ByteRange[] {
  const elements: ByteRange[] = [];
  let at = skipSpace(json, 0);
  if (json[at] !== 0x5b) return elements;
  do {
    const start = skipSpace(json, at + 1);
    // An empty array has none, and its end is no value.
    const end = json[start] === 0x5d ? start : valueEnd(json, start);
    if (end <= start) return elements;
    elements.push({ start, end });
    at = skipSpace(json, end);
  } while (json[at] === 0x2c);
  return elements;
}
