import { dirname, resolve } from "node:path";
import {
  assertStorageKey,
  assertStoragePrefix,
  type Storage,
  stateDirectory,
} from "@langbatch/core";
import { appendTo, asBlob, readFrom, removeBlob, writeOnce } from "./blob-file.js";
import { directoriesBelow } from "./directories.js";
import { fileError } from "./file-error.js";
import { blobPath, recordPath } from "./layout.js";
import { listKeys } from "./list-keys.js";
import { createRecord, readNewest, removeRecord, updateRecord } from "./record-directory.js";
import { turns } from "./turns.js";

/**
 * Keeps batches in a directory of this machine, safely for several processes and through `kill -9`
 * and power loss. Only the user who runs it can read the files.
 *
 * The directory must be on a local disk: network drives and folders that a cloud service keeps in
 * step promise too little. A file system without hard links is refused with `storage_unsupported` at
 * the first write. Whatever else the disk refuses is `storage_failed`, with what to do about it.
 *
 * @param directory Created at the first write. Default: `LANGBATCH_HOME`, else `.langbatch` in the
 * working directory, as they are when this is called.
 */
export function fileStorage(directory: string = stateDirectory()): Storage {
  const root = resolve(directory);
  const directories = directoriesBelow(root);
  const inTurn = turns();
  const namedJournals = new Set<string>();

  return {
    specVersion: 1,

    async readRecord(key) {
      assertStorageKey(key);
      const path = recordPath(root, key);
      return inOurWords(path, () => readNewest(path));
    },

    async writeRecord(key, value, { expected }) {
      assertStorageKey(key);
      const path = recordPath(root, key);
      // In turn, so that of many writers here the losers find out before they wait for the disk.
      return inOurWords(path, () =>
        inTurn(path, () =>
          expected === null
            ? createRecord(path, value, directories)
            : updateRecord(path, value, expected),
        ),
      );
    },

    async *readBlob(key, range) {
      assertStorageKey(key);
      yield* readFrom(blobPath(root, key), range);
    },

    async writeBlob(key, data) {
      assertStorageKey(key);
      return writeOnce(blobPath(root, key), data, directories);
    },

    async *list(prefix) {
      assertStoragePrefix(prefix);
      yield* listKeys(root, prefix);
    },

    async remove(key) {
      assertStorageKey(key);
      const path = recordPath(root, key);
      namedJournals.delete(blobPath(root, key));
      await inOurWords(path, async () => {
        await directories.sweepOnce(dirname(path));
        await removeRecord(path);
        await removeBlob(blobPath(root, key));
        await directories.prune(dirname(path));
      });
    },

    async openBlob(key) {
      assertStorageKey(key);
      return asBlob(blobPath(root, key));
    },

    async append(key, data) {
      assertStorageKey(key);
      const path = blobPath(root, key);
      await inOurWords(path, () => appendTo(path, data, directories, namedJournals));
    },
  };
}

async function inOurWords<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileError(error, path);
  }
}
