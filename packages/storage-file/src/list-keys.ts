import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileError, hasCode } from "./file-error.js";
import { parseName } from "./layout.js";

/** Every key that starts with `prefix`, which must be safe to use in a path, once each. */
export function listKeys(root: string, prefix: string): AsyncGenerator<string> {
  const cut = prefix.lastIndexOf("/") + 1;
  return walk(join(root, prefix.slice(0, cut)), prefix.slice(0, cut), prefix.slice(cut));
}

async function* walk(directory: string, parent: string, start: string): AsyncGenerator<string> {
  const yielded = new Set<string>();
  for (const entry of await entriesOf(directory)) {
    const name = parseName(entry.name);
    if (!name?.segment.startsWith(start)) continue;
    const { segment, kind } = name;
    if (kind !== "directory") {
      // A record and a blob may share a key.
      if (yielded.has(segment)) continue;
      yielded.add(segment);
      yield parent + segment;
    } else if (entry.isDirectory()) {
      yield* walk(join(directory, segment), `${parent}${segment}/`, "");
    }
  }
}

async function entriesOf(directory: string): Promise<Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw fileError(error, directory);
  }
}
