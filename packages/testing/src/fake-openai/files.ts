import { type FakeAccount, isSameAccount } from "./accounts.js";
import { newFileId } from "./ids.js";
import { type ErrorDetails, Refusal } from "./reply.js";

/** A file the server keeps. Times are milliseconds since 1970. */
export interface StoredFile {
  readonly id: string;
  /** Who sees it. */
  readonly owner: FakeAccount;
  readonly name: string;
  readonly bytes: number;
  readonly purpose: "batch" | "batch_output";
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  /** From when on the service has read it. */
  readonly processedAt: number;
  /** Where its bytes are; they stay there after it is deleted, for the ledger. */
  readonly path: string;
  /** Whether the content is not to be found at this look. */
  readonly isHidden: () => boolean;
  deleted: boolean;
}

/** All files, in the order in which they came. */
export interface FileStore {
  add(file: NewFile): StoredFile;
  /** @throws Refusal where the account has none, or it is deleted or expired. */
  get(id: string, account: FakeAccount, refusal?: FileRefusal): StoredFile;
  /** Also the deleted and expired ones. */
  readonly all: ReadonlyMap<string, StoredFile>;
  /** Those of the account that are neither deleted nor expired. */
  list(account: FakeAccount): StoredFile[];
}

/** What is known of a file before it is in the store. Default for `id`: a new one; it is read at once. */
interface NewFile {
  readonly id?: string;
  readonly owner: FakeAccount;
  readonly name: string;
  readonly bytes: number;
  readonly purpose: StoredFile["purpose"];
  readonly expiresAt: number | undefined;
  readonly path: string;
  readonly createdAt: number;
  readonly processedAt?: number;
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

  function isThere({ owner, deleted, expiresAt }: StoredFile, account: FakeAccount): boolean {
    if (!isSameAccount(owner, account)) return false;
    return !deleted && (expiresAt === undefined || expiresAt > now());
  }

  return {
    all,
    add(file) {
      const stored: StoredFile = {
        id: newFileId(),
        isHidden: () => false,
        processedAt: file.createdAt,
        ...file,
        deleted: false,
      };
      all.set(stored.id, stored);
      return stored;
    },
    get(id, account, refusal = notFound(id)) {
      const file = all.get(id);
      if (!file || !isThere(file, account))
        throw new Refusal(refusal.status, refusal.message, refusal);
      return file;
    },
    list: (account) => [...all.values()].filter((file) => isThere(file, account)),
  };
}

/** How OpenAI answers where a file is not there. */
export function notFound(id: string): FileRefusal {
  return { status: 404, message: `No such File object: ${id}`, param: "id" };
}

/** Whether the service has read a file by now. */
export function isProcessed(
  { processedAt }: Pick<StoredFile, "processedAt">,
  now: number,
): boolean {
  return now >= processedAt;
}

/** The file as npm `openai` 7.57.0, `resources/files.d.ts`, `FileObject` has it. */
export function fileObject(file: StoredFile, now: number): object {
  return {
    object: "file",
    id: file.id,
    purpose: file.purpose,
    filename: file.name,
    bytes: file.bytes,
    created_at: Math.floor(file.createdAt / 1000),
    expires_at: file.expiresAt === undefined ? null : Math.floor(file.expiresAt / 1000),
    status: isProcessed(file, now) ? "processed" : "pending",
    status_details: null,
  };
}
