import { newFileId } from "./ids.js";
import { type ErrorDetails, Refusal } from "./reply.js";

/** A file the server keeps. Times are milliseconds since 1970. */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly purpose: "batch" | "batch_output";
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  /** Where its bytes are; they stay there after it is deleted, for the ledger. */
  readonly path: string;
  /** Whether the content is not to be found at this look. */
  readonly isHidden: () => boolean;
  deleted: boolean;
}

/** All files, in the order in which they came. */
export interface FileStore {
  add(file: NewFile): StoredFile;
  /** @throws Refusal where there is none, or it is deleted or expired. */
  get(id: string, refusal?: FileRefusal): StoredFile;
  /** Also the deleted and expired ones. */
  readonly all: ReadonlyMap<string, StoredFile>;
  /** Those that are neither deleted nor expired. */
  list(): StoredFile[];
}

/** What is known of a file before it is in the store. Default for `id`: a new one. */
interface NewFile {
  readonly id?: string;
  readonly name: string;
  readonly bytes: number;
  readonly purpose: StoredFile["purpose"];
  readonly expiresAt: number | undefined;
  readonly path: string;
  readonly createdAt: number;
  readonly isHidden?: () => boolean;
}

/** How a missing file is answered. */
export interface FileRefusal extends ErrorDetails {
  readonly status: number;
  readonly message: string;
}

/** An empty store; `now` decides which files have expired. */
export function createFileStore(now: () => number): FileStore {
  const all = new Map<string, StoredFile>();

  function isGone({ deleted, expiresAt }: StoredFile): boolean {
    return deleted || (expiresAt !== undefined && expiresAt <= now());
  }

  return {
    all,
    add(file) {
      const stored: StoredFile = {
        id: newFileId(),
        isHidden: () => false,
        ...file,
        deleted: false,
      };
      all.set(stored.id, stored);
      return stored;
    },
    get(id, refusal = notFound(id)) {
      const file = all.get(id);
      if (!file || isGone(file)) throw new Refusal(refusal.status, refusal.message, refusal);
      return file;
    },
    list: () => [...all.values()].filter((file) => !isGone(file)),
  };
}

/** How OpenAI answers where a file is not there. */
export function notFound(id: string): FileRefusal {
  return { status: 404, message: `No such File object: ${id}`, param: "id" };
}

/** The file as npm `openai` 7.57.0, `resources/files.d.ts`, `FileObject` has it. */
export function fileObject(file: StoredFile): object {
  return {
    object: "file",
    id: file.id,
    purpose: file.purpose,
    filename: file.name,
    bytes: file.bytes,
    created_at: Math.floor(file.createdAt / 1000),
    expires_at: file.expiresAt === undefined ? null : Math.floor(file.expiresAt / 1000),
    status: "processed",
    status_details: null,
  };
}
