import { createHash } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { createCrc32c } from "./crc32c.js";

/** Up to here bytes stay in memory: a test that writes thousands of records should not wait for files. */
const smallBytes = 16_384;

/** Bytes on their way to become an object, counted and hashed as they come. */
export interface Spool {
  /** How many bytes have come. */
  readonly bytes: number;
  write(chunk: Uint8Array): Promise<void>;
  /** Closes the file; what came, and its checksums in base64. */
  finish(): Promise<SpooledBytes>;
  /** Closes the file and deletes it. */
  discard(): Promise<void>;
}

/** What an object is made of. */
export interface SpooledBytes {
  /** The bytes themselves where they are few, else the path of the file that holds them. */
  readonly content: Buffer | string;
  readonly bytes: number;
  readonly crc32c: string;
  readonly md5Hash: string;
}

/** An empty spool; `path` is made when there is too much for memory. */
export function createSpool(path: string): Spool {
  const crc32c = createCrc32c();
  const md5 = createHash("md5");
  let small: Buffer = Buffer.alloc(0);
  let file: FileHandle | undefined;
  let bytes = 0;

  async function append(target: FileHandle, chunk: Uint8Array): Promise<void> {
    for (let rest = chunk; rest.length > 0; ) {
      const { bytesWritten } = await target.write(rest);
      rest = rest.subarray(bytesWritten);
    }
  }

  return {
    get bytes() {
      return bytes;
    },
    async write(chunk) {
      crc32c.update(chunk);
      md5.update(chunk);
      bytes += chunk.length;
      if (file) return append(file, chunk);
      if (bytes <= smallBytes) {
        small = Buffer.concat([small, chunk]);
        return;
      }
      file = await open(path, "wx");
      await append(file, small);
      await append(file, chunk);
      small = Buffer.alloc(0);
    },
    async finish() {
      await file?.close();
      const content = file ? path : small;
      return { content, bytes, crc32c: crc32c.base64(), md5Hash: md5.digest("base64") };
    },
    async discard() {
      await file?.close();
      await rm(path, { force: true });
    },
  };
}
