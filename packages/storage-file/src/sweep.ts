import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { besides, removed, temporary } from "./layout.js";

const day = 86_400_000;

/**
 * Deletes what dead processes left in a directory: what was being removed, and temporary files older
 * than a day. A younger one may belong to a living writer. Leftovers only take space, so an error
 * here stops nobody's work.
 *
 * @param names The names in the directory, where the caller has read them already.
 */
export async function sweep(directory: string, names?: readonly string[]): Promise<void> {
  const present = names ?? (await readdir(directory).catch(() => []));
  for (const name of present) {
    if (!name.endsWith(removed) && !name.endsWith(temporary)) continue;
    const path = join(directory, name);
    // A failure is left to the next sweep.
    await (name.endsWith(removed) ? erase(path) : discardIfOld(path)).catch(() => undefined);
  }
}

/** Deletes what already has a name that nobody uses, also while somebody else does the same. */
export async function erase(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}

async function discardIfOld(path: string): Promise<void> {
  const { mtimeMs } = await stat(path);
  if (Date.now() - mtimeMs < day) return;
  // It loses its name first, all at once: a writer that was asleep for a day would otherwise publish
  // a directory that is half deleted.
  const nameless = besides(path, removed);
  await rename(path, nameless);
  await erase(nameless);
}
