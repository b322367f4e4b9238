import type { LineFilter } from "./read-lines.js";
import { topLevelString } from "./top-level-value.js";

const quote = 0x22;
const backslash = 0x5c;

/** How nearly every line begins. */
const usualStart: Buffer = Buffer.from('{"custom_id":"');

/**
 * The `custom_id` of a request or result line: by a walk over its bytes, and by parsing where that
 * does not tell. `undefined` where the line has none.
 */
export function customIdOf(line: Buffer): string | undefined {
  const found = topLevelString(line, "custom_id");
  if (found !== undefined) return found;
  try {
    const parsed: unknown = JSON.parse(line.toString("utf8"));
    if (typeof parsed !== "object" || parsed === null || !("custom_id" in parsed)) return undefined;
    return typeof parsed.custom_id === "string" ? parsed.custom_id : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Tells which lines cannot have one of these ids, by a hash of the bytes where the id stands in nearly
 * every line: to make a text of each of a million ids takes longer than to find where it is. Of those
 * that may have one, {@link customIdOf} says more.
 */
export function idFilter(ids: Iterable<string>): LineFilter {
  const hashes = new Set<number>();
  for (const id of ids) {
    let hash = 0;
    for (const byte of Buffer.from(id)) hash = mix(hash, byte);
    hashes.add(hash);
  }
  return (bytes, start, end) => {
    if (!startsAsUsual(bytes, start)) return true;
    let hash = 0;
    for (let at = start + usualStart.length; at < end; at += 1) {
      const byte = bytes[at];
      if (byte === quote) return hashes.has(hash);
      if (byte === undefined || byte === backslash) return true;
      hash = mix(hash, byte);
    }
    return true;
  };
}

/** FNV-1a, in the 30 bits that an engine keeps without an object for each number. */
function mix(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x0100_0193) & 0x3fff_ffff;
}

function startsAsUsual(bytes: Buffer, start: number): boolean {
  for (let at = 0; at < usualStart.length; at += 1) {
    if (bytes[start + at] !== usualStart[at]) return false;
  }
  return true;
}
