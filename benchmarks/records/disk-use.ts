import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Storage } from "@langbatch/core";

/** What lies below a directory. */
export interface DiskUse {
  readonly files: number;
  /** What the files say they hold. */
  readonly apparentBytes: number;
  /** What the disk gives for them, directories included. */
  readonly diskBytes: number;
}

/** Counts what lies below a directory, without knowing what it is. */
export async function diskUse(directory: string): Promise<DiskUse> {
  let files = 0;
  let apparentBytes = 0;
  let diskBytes = blockBytes(await lstat(directory));
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      const below = await diskUse(path);
      files += below.files;
      apparentBytes += below.apparentBytes;
      diskBytes += below.diskBytes;
      continue;
    }
    const file = await lstat(path);
    files += 1;
    apparentBytes += file.size;
    diskBytes += blockBytes(file);
  }
  return { files, apparentBytes, diskBytes };
}

/** The bytes of the records that count, as whoever reads them gets them. */
export async function liveRecords(
  storage: Storage,
  prefix: string,
): Promise<{ readonly records: number; readonly bytes: number }> {
  let records = 0;
  let bytes = 0;
  for await (const key of storage.list(prefix)) {
    const record = await storage.readRecord(key);
    if (!record) continue;
    records += 1;
    bytes += record.value.length;
  }
  return { records, bytes };
}

/** The unit of `blocks` is 512 bytes, whatever the file system's own is. */
function blockBytes({ blocks }: { readonly blocks: number }): number {
  return blocks * 512;
}
