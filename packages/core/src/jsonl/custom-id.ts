import { topLevelString } from "./top-level-value.js";

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
