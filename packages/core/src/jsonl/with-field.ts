import { topLevelValue } from "./top-level-value.js";

/** The line with this text as its `field`; the rest stays byte for byte. */
function withField(line: Buffer, field: string, text: string): Buffer {
  const range = topLevelValue(line, field);
  if (!range) {
    // Written with escapes: rare enough to write the whole line anew.
    return Buffer.from(JSON.stringify({ ...JSON.parse(line.toString("utf8")), [field]: text }));
  }
  return Buffer.concat([
    line.subarray(0, range.start),
    Buffer.from(JSON.stringify(text)),
    line.subarray(range.end),
  ]);
}

/** The request line with this url in place of its own. */
export function withUrl(line: Buffer, url: string): Buffer {
  return withField(line, "url", url);
}

/** The result line with this id in place of its own. */
export function withCustomId(line: Buffer, customId: string): Buffer {
  return withField(line, "custom_id", customId);
}
