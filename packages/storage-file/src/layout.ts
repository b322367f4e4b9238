import { randomBytes } from "node:crypto";
import { join } from "node:path";

// A segment of a key never holds a dot, so none of these collides with a directory that only
// leads to longer keys. Two keys that differ in nothing but case would collide on the file systems
// of macOS and Windows; core makes lower-case keys.
const record = ".record";
const blob = ".blob";

/** Ends the name of what is still being written. */
export const temporary = ".tmp";
/** Ends the name of what is being deleted; it never comes back. */
export const removed = ".removed";

/** The directory that holds the revisions of a record. */
export function recordPath(root: string, key: string): string {
  return join(root, key + record);
}

/** The file that holds a blob or a journal. */
export function blobPath(root: string, key: string): string {
  return join(root, key + blob);
}

/** A name beside `path` that nobody else has or ever had. */
export function besides(path: string, ending: string): string {
  return `${path.replace(/\.\w+$/, "")}.${randomBytes(8).toString("hex")}${ending}`;
}

/** What a name in a directory stands for, or `undefined` where it is none of ours to list. */
export function parseName(
  name: string,
): { segment: string; kind: "record" | "blob" | "directory" } | undefined {
  const [, segment, kind = "directory"] = /^([\w-]+)(?:\.(record|blob))?$/.exec(name) ?? [];
  if (segment === undefined) return undefined;
  return { segment, kind: kind as "record" | "blob" | "directory" };
}
