import { LangBatchError } from "@langbatch/core";

/** Whether `error` came from the operating system with one of these codes: `ENOENT`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  const code = (error as NodeJS.ErrnoException | null | undefined)?.code;
  return code !== undefined && codes.includes(code);
}

/**
 * What the operating system said about `path`, as `storage_failed` in one sentence with the remedy.
 * An error that is one of ours already stays as it is.
 */
export function fileError(error: unknown, path: string): LangBatchError {
  if (LangBatchError.is(error)) return error;
  const code = (error as NodeJS.ErrnoException | null | undefined)?.code;
  const { says, retryable } = explain(code ?? "unknown", path);
  return new LangBatchError("storage_failed", says, { cause: error, retryable });
}

/** Refuses a file system that has no hard links, whatever it calls that. */
export function withoutHardLinks(error: unknown, directory: string): LangBatchError | undefined {
  // Windows answers EISDIR for FAT, where it knows no such call.
  const names = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV", "EMLINK", "EISDIR"];
  if (!hasCode(error, ...names)) return undefined;
  return new LangBatchError(
    "storage_unsupported",
    `The file system of ${directory} has no hard links, without which two processes could overwrite each other: choose a directory on a local disk, or set LANGBATCH_HOME to one.`,
    { cause: error },
  );
}

function explain(code: string, path: string): { says: string; retryable: boolean } {
  const passing = (says: string) => ({ says, retryable: true });
  const lasting = (says: string) => ({ says, retryable: false });
  switch (code) {
    case "ENOSPC":
      return passing(
        `The disk that holds ${path} is full. Free space, or set LANGBATCH_HOME to another disk.`,
      );
    case "EDQUOT":
      return passing(
        `The disk quota for ${path} is used up. Free space, or set LANGBATCH_HOME to another disk.`,
      );
    case "EMFILE":
    case "ENFILE":
      return passing(
        `Too many files are open to use ${path}. Raise the limit ("ulimit -n"), or run fewer batches at once.`,
      );
    case "EBUSY":
    case "EAGAIN":
    case "EINTR":
    case "ETIMEDOUT":
      return passing(`${path} is in use at the moment (${code}). Try again.`);
    case "EFBIG":
      return lasting(
        `${path} would grow over the largest file allowed here. Raise the limit ("ulimit -f"), or set LANGBATCH_HOME to another disk.`,
      );
    case "EACCES":
    case "EPERM":
      return lasting(
        `This user may not use ${path}. Grant it reading and writing, or set LANGBATCH_HOME to a directory of its own.`,
      );
    case "EROFS":
      return lasting(
        `The disk that holds ${path} is read-only. Mount it for writing, or set LANGBATCH_HOME to another disk.`,
      );
    case "EIO":
      return lasting(
        `The disk that holds ${path} reported an error (EIO). Check its health, or set LANGBATCH_HOME to another disk.`,
      );
    case "ENAMETOOLONG":
      return lasting(
        `The path ${path} is too long for this file system. Choose a directory with a shorter path.`,
      );
    case "ENOTDIR":
    case "EEXIST":
    case "EISDIR":
    case "ELOOP":
      return lasting(
        `A file and a directory are mixed up on the path ${path} (${code}). Move away what is in the way, or choose another directory.`,
      );
    case "ENOENT":
      return lasting(
        `${path} vanished while it was in use. Let nothing else delete files in this directory.`,
      );
    default:
      return lasting(`${path} cannot be used (${code}). See the cause.`);
  }
}
