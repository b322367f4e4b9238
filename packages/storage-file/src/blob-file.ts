import { createHash } from "node:crypto";
import { constants, createReadStream, openAsBlob } from "node:fs";
import { access, type FileHandle, open, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { LangBatchError } from "@langbatch/core";
import type { Directories } from "./directories.js";
import { finishDurably, openNew, publish, syncDirectory, writeAll } from "./durable-file.js";
import { fileError, hasCode } from "./file-error.js";
import { besides, temporary } from "./layout.js";

const blockBytes = 1_048_576;

/** Each is memory that stays until the garbage is collected: smaller ones keep the peak low. */
const readBytes = 262_144;
/** A chunk of more than this is worth a system call of its own. */
const largeBytes = blockBytes / 2;
/** After so many bytes the disk is set to work, so that little is left to wait for at the end. */
const flushBytes = 16 * blockBytes;

/** The bytes of the file `path` from `start` up to but not including `end`, in chunks of 256 KiB. */
export async function* readFrom(
  path: string,
  {
    start = 0,
    end = Number.POSITIVE_INFINITY,
  }: { readonly start?: number; readonly end?: number } = {},
): AsyncGenerator<Uint8Array> {
  if (!isPosition(start) || !(isPosition(end) || end === Number.POSITIVE_INFINITY)) {
    throw new LangBatchError(
      "invalid_option",
      `A blob is read from one count of bytes to another, not from ${start} to ${end}.`,
    );
  }
  try {
    if (end <= start) await access(path);
    else yield* createReadStream(path, { start, end: end - 1, highWaterMark: readBytes });
  } catch (error) {
    throw blobError(error, path);
  }
}

/** Streams `data` to the file `path`, which appears when all of it is on the disk. */
export async function writeOnce(
  path: string,
  data: AsyncIterable<Uint8Array>,
  directories: Directories,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  let sourceFailed = false;

  /** Gathers chunks, which may be as short as a line, to what is worth a system call. */
  async function* blocks(): AsyncGenerator<Uint8Array> {
    const block = Buffer.allocUnsafe(blockBytes);
    let filled = 0;
    try {
      for await (const chunk of data) {
        if (chunk.length > largeBytes || filled + chunk.length > blockBytes) {
          yield block.subarray(0, filled);
          filled = 0;
        }
        if (chunk.length > largeBytes) {
          yield chunk;
        } else {
          // Copied at once: its producer may use the chunk again for the next one.
          block.set(chunk, filled);
          filled += chunk.length;
        }
      }
    } catch (error) {
      sourceFailed = true;
      throw error;
    }
    yield block.subarray(0, filled);
  }

  try {
    // Asked first as well, so that nobody streams gigabytes to learn that the key is taken.
    if (await exists(path)) throw taken(path);
    const unfinished = besides(path, temporary);
    const file = await directories.within(dirname(path), () => openNew(unfinished));
    await finishDurably(unfinished, file, async () => {
      let flushed: Promise<void> = Promise.resolve();
      let unflushed = 0;
      try {
        for await (const block of blocks()) {
          // Written while it is hashed, which takes about as long.
          const written = writeAll(file, block);
          hash.update(block);
          bytes += block.length;
          await written;
          unflushed += block.length;
          if (unflushed < flushBytes) continue;
          await flushed;
          flushed = file.datasync();
          // Its failure is met where it is awaited, and is nobody's until then.
          flushed.catch(() => undefined);
          unflushed = 0;
        }
        await flushed;
      } finally {
        await Promise.allSettled([flushed]);
      }
      return bytes;
    });
    if (!(await publish(unfinished, path))) throw taken(path);
    await syncDirectory(dirname(path));
  } catch (error) {
    throw sourceFailed ? error : fileError(error, path);
  }
  return { bytes, sha256: hash.digest("hex") };
}

/**
 * Adds `data` to the end of the file `path`. `named` are the files whose names this process has seen on
 * the disk: for those, the directory is not waited for at each append.
 */
export async function appendTo(
  path: string,
  data: Uint8Array,
  directories: Directories,
  named: Set<string>,
): Promise<void> {
  const known = named.has(path) ? await openKnown(path) : undefined;
  const file = known ?? (await directories.within(dirname(path), () => open(path, "a", 0o600)));
  try {
    await writeAll(file, data);
    await file.sync();
  } finally {
    await file.close();
  }
  if (known) return;
  // Also where another process created the file: it may not have come to this yet.
  await syncDirectory(dirname(path));
  named.add(path);
}

/** The file, unless somebody has removed it. */
async function openKnown(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_WRONLY | constants.O_APPEND);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** The file `path` as a `Blob` that reads from the disk. */
export async function asBlob(path: string): Promise<Blob> {
  try {
    // What openAsBlob throws does not tell a missing file from an unreadable one.
    await access(path);
    return await openAsBlob(path);
  } catch (error) {
    throw blobError(error, path);
  }
}

/** Removes the file `path`. */
export async function removeBlob(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  await syncDirectory(dirname(path));
}

function isPosition(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
}

function blobError(error: unknown, path: string): LangBatchError {
  if (!hasCode(error, "ENOENT")) return fileError(error, path);
  return new LangBatchError("not_found", `There is no blob at ${path}.`, { cause: error });
}

function taken(path: string): LangBatchError {
  return new LangBatchError("storage_conflict", `The blob at ${path} is already written.`);
}
