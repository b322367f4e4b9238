import { LangBatchError } from "@langbatch/core";
import type { Place } from "./place.js";

// No segment of a key holds a dot, so a record and a blob of one key have names of their own, and no
// other name comes between the two in the order of a list.
const record = ".record";
const blob = ".blob";

/** Cloud Storage, "Objects", "Naming considerations". */
const maxNameBytes = 1024;

/** The name of the object that holds a record. @throws `invalid_option` where it gets too long. */
export function recordName(place: Place, key: string): string {
  return nameOf(place, key, record);
}

/** The name of the object that holds a blob. @throws `invalid_option` where it gets too long. */
export function blobName(place: Place, key: string): string {
  return nameOf(place, key, blob);
}

/** What the names of both start with, and no other name that is ours. */
export function stemOf({ prefix }: Place, key: string): string {
  return `${prefix}${key}.`;
}

/** The key of a record or blob; `undefined` where the name is none of ours. */
export function keyOf({ prefix }: Place, name: string): string | undefined {
  if (!name.startsWith(prefix)) return undefined;
  return /^([\w-]+(?:\/[\w-]+)*)\.(?:record|blob)$/.exec(name.slice(prefix.length))?.[1];
}

function nameOf({ prefix }: Place, key: string, ending: string): string {
  const name = `${prefix}${key}${ending}`;
  const bytes = Buffer.byteLength(name);
  if (bytes <= maxNameBytes) return name;
  throw new LangBatchError(
    "invalid_option",
    `The object's name for the key ${key.slice(0, 100)}… would have ${bytes} bytes, over the ${maxNameBytes} that Google Cloud Storage takes. Use a shorter prefix.`,
  );
}
