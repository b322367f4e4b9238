import { type FileHandle, link, open, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { LangBatchError } from "@langbatch/core";
import { hasCode, withoutHardLinks } from "./file-error.js";

/** Creates a file that nobody shares, readable for this user only. */
export function openNew(path: string): Promise<FileHandle> {
  // "wx" also follows no symlink that somebody planted.
  return open(path, "wx", 0o600);
}

/**
 * Lets `fill` write the new file and say how many bytes it wrote; they are on the disk and the file
 * is closed when this resolves. On any error the file is gone.
 */
export async function finishDurably(
  path: string,
  file: FileHandle,
  fill: () => Promise<number>,
): Promise<void> {
  try {
    const bytes = await fill();
    const { size } = await file.stat();
    if (size !== bytes) {
      throw new LangBatchError(
        "storage_failed",
        `The disk kept ${size} of the ${bytes} bytes of ${path}. Check its free space and its health.`,
        { retryable: true },
      );
    }
    await file.sync();
    await file.close();
  } catch (error) {
    // After a failed fsync the bytes may be lost although the next fsync succeeds, so the file is
    // thrown away and nothing is tried again with it.
    await file.close().catch(() => undefined);
    await unlink(path).catch(() => undefined);
    throw error;
  }
}

/** Writes all of `bytes` where the file stands: one call may write only a part. */
export async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0; ) {
    const { bytesWritten } = await file.write(rest);
    rest = rest.subarray(bytesWritten);
  }
}

/**
 * Gives the finished file `temporary` its final name, atomically. The temporary name is gone
 * afterwards in any case.
 *
 * @returns `false` where the final name is taken.
 * @throws `storage_unsupported` where the file system has no hard links.
 */
export async function publish(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw withoutHardLinks(error, dirname(path)) ?? error;
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

/** Has the names in a directory on the disk when it resolves: without it power loss may undo them. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows has no such call.
  if (process.platform === "win32") return;
  let directory: FileHandle;
  try {
    directory = await open(path, "r");
  } catch (error) {
    // A directory that is gone has nothing to keep: somebody removed what was in it.
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
