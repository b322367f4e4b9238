import { topLevelValue } from "./top-level-value.js";

/** The request line with this url in place of its own; the rest stays byte for byte. */
export function withUrl(line: Buffer, url: string): Buffer {
  const range = topLevelValue(line, "url");
  if (!range) {
    // Written with escapes: rare enough to write the whole line anew.
    return Buffer.from(JSON.stringify({ ...JSON.parse(line.toString("utf8")), url }));
  }
  return Buffer.concat([
    line.subarray(0, range.start),
    Buffer.from(JSON.stringify(url)),
    line.subarray(range.end),
  ]);
}
