import type { Storage } from "@langbatch/core";

/** One promise of the contract; `check` rejects where the storage breaks it. */
export interface StorageCheck {
  readonly sentence: string;
  readonly needs?: "openBlob" | "append" | "reopen";
  readonly check: (storage: Storage, reopen: () => Promise<Storage>) => Promise<void>;
}
