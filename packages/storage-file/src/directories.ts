import { mkdir, rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import { syncDirectory } from "./durable-file.js";
import { hasCode } from "./file-error.js";
import { sweep } from "./sweep.js";

/** The directories below a root that lead to records and blobs. */
export interface Directories {
  /**
   * Runs `work` with the directory in place. `work` runs again where somebody removed the directory
   * (`ENOENT`), so it may only be the first thing that is made in it.
   */
  within<T>(directory: string, work: () => Promise<T>): Promise<T>;
  /** Deletes leftovers of dead processes, once for each directory. */
  sweepOnce(directory: string): Promise<void>;
  /** Removes the directory and those above it, below the root, as far as they are empty. */
  prune(directory: string): Promise<void>;
}

export function directoriesBelow(root: string): Directories {
  const made = new Map<string, Promise<void>>();
  const swept = new Set<string>();

  async function make(directory: string): Promise<void> {
    const first = await mkdir(directory, { recursive: true, mode: 0o700 });
    // A new directory is as durable as its name in the one above. Another process may have made
    // some of them a moment ago and not have come to this yet, so all below the root are done.
    const top = first !== undefined && first.length <= root.length ? dirname(first) : root;
    let path = directory;
    while (path.length > top.length) {
      path = dirname(path);
      await syncDirectory(path);
    }
    await sweepOnce(directory);
  }

  async function sweepOnce(directory: string): Promise<void> {
    if (swept.has(directory)) return;
    swept.add(directory);
    await sweep(directory);
  }

  function ready(directory: string): Promise<void> {
    let making = made.get(directory);
    if (!making) {
      making = make(directory);
      made.set(directory, making);
    }
    return making;
  }

  return {
    async within(directory, work) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await ready(directory);
          return await work();
        } catch (error) {
          made.delete(directory);
          if (!hasCode(error, "ENOENT") || attempt === 20) throw error;
        }
      }
    },

    sweepOnce,

    async prune(directory) {
      for (let path = directory; path.length > root.length; path = dirname(path)) {
        try {
          // It fails where anything is inside, so nothing but an empty directory ever goes.
          await rmdir(path);
        } catch {
          return;
        }
        made.delete(path);
        swept.delete(path);
      }
    },
  };
}
