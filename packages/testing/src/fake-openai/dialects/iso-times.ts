import type { Shown } from "./dialect.js";

/** The object with its times, seconds since 1970, as ISO texts. */
export function isoTimes(shown: Shown): Shown {
  const fields = Object.entries(shown).map(([name, value]) => {
    const isTime = name.endsWith("_at") && typeof value === "number";
    return [name, isTime ? new Date(value * 1000).toISOString() : value];
  });
  return Object.fromEntries(fields);
}
