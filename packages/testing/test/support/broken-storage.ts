import { memoryStorage, type Storage } from "@langbatch/core";

/** A storage with one fault, and the sentence of the contract that it breaks. */
export interface BrokenStorage {
  readonly fault: string;
  readonly create: () => Storage;
  readonly breaks: string;
}

/** A memory storage with some methods replaced by wrong ones. */
export function mutant(change: (right: Storage) => Partial<Storage>): () => Storage {
  return () => {
    const right = memoryStorage();
    return { ...right, ...change(right) };
  };
}
