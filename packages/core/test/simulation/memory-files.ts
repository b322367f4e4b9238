import files from "node:fs";
import filePromises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blobOf } from "./opened-blobs.js";

/** How core names the folders of its temporary files. */
const prefix: string = join(tmpdir(), "langbatch-");
/** Higher than any descriptor of a real file. */
const firstDescriptor = 1_000_000_000;

const open = new Map<number, Buffer>();
const descriptors = new Map<string, number>();
let opened = 0;

/**
 * Keeps core's temporary files in memory from now on, in this process: a schedule has some, and real
 * ones would take most of its time. All other files stay as they are.
 */
export function useMemoryFiles(): void {
  if (isUsed) return;
  isUsed = true;
  const real = { ...filePromises, readSync: files.readSync, openAsBlob: files.openAsBlob };
  Object.assign(filePromises, {
    async mkdtemp(start: string, ...rest: []): Promise<string> {
      opened += 1;
      return start === prefix ? `${start}memory-${opened}` : real.mkdtemp(start, ...rest);
    },
    async open(path: string, ...rest: []): Promise<unknown> {
      return isOurs(path) ? openInMemory(path) : real.open(path, ...rest);
    },
    async rm(path: string, ...rest: []): Promise<void> {
      if (!isOurs(path)) await real.rm(path, ...rest);
    },
  });
  Object.assign(files, {
    readSync(
      descriptor: number,
      target: Buffer,
      start: number,
      length: number,
      from: number,
    ): number {
      const file = open.get(descriptor);
      if (!file) return real.readSync(descriptor, target, start, length, from);
      return file.copy(target, start, from, from + length);
    },
    async openAsBlob(path: string): Promise<Blob> {
      const bytes = open.get(descriptors.get(path) ?? 0);
      return bytes ? blobOf(bytes) : real.openAsBlob(path);
    },
  });
  syncBuiltinESMExports();
}

let isUsed = false;

/** How many temporary files are open: none where nobody forgot one. */
export function openMemoryFiles(): number {
  return open.size;
}

function isOurs(path: string): boolean {
  return typeof path === "string" && path.startsWith(`${prefix}memory-`);
}

function openInMemory(path: string): {
  readonly fd: number;
  writeFile(data: Uint8Array): Promise<void>;
  close(): Promise<void>;
} {
  opened += 1;
  const fd = firstDescriptor + opened;
  open.set(fd, Buffer.alloc(0));
  descriptors.set(path, fd);
  return {
    fd,
    async writeFile(data) {
      open.set(fd, Buffer.concat([open.get(fd) ?? Buffer.alloc(0), data]));
    },
    async close() {
      open.delete(fd);
      descriptors.delete(path);
    },
  };
}
