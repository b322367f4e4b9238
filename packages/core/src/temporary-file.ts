import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LangBatchError } from "./errors.js";

/** A file that only this process reads, and only for a while. */
export interface TemporaryFile {
  readonly path: string;
  /** Of an open handle, for reading at any position. */
  readonly descriptor: number;
  write(data: Uint8Array): Promise<void>;
  /**
   * Takes its name away, so that nothing stays behind should the process be killed; from then on only
   * the handle reads it. Does nothing on Windows, which keeps the names of open files.
   */
  hide(): Promise<void>;
  /** Closes and deletes it. */
  remove(): Promise<void>;
}

/**
 * Opens an empty file in a folder of its own below the system's temporary directory, for this user
 * only: what passes through it is the user's, too big for memory, and cheap to bring here again.
 *
 * @throws `storage_failed` where there is no room for it.
 */
export async function temporaryFile(): Promise<TemporaryFile> {
  const folder = await attempt(mkdtemp(join(tmpdir(), "langbatch-")));
  const path = join(folder, "spool");
  const handle = await attempt(open(path, "wx+", 0o600));
  return {
    path,
    descriptor: handle.fd,
    async write(data) {
      await attempt(handle.writeFile(data));
    },
    async hide() {
      if (process.platform !== "win32") await rm(folder, { recursive: true, force: true });
    },
    async remove() {
      await handle.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function attempt<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LangBatchError(
      "storage_failed",
      `A temporary file could not be written: ${reason}. Free space in ${tmpdir()}, or set TMPDIR.`,
      { cause },
    );
  }
}
