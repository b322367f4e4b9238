import { memoryStorage, type Storage } from "@langbatch/core";

/** A storage in memory that can append. */
export function appendingStorage(): Storage {
  const storage = memoryStorage();
  const journals = new Map<string, Buffer>();
  return {
    ...storage,
    async append(key, data) {
      journals.set(key, Buffer.concat([journals.get(key) ?? Buffer.alloc(0), data]));
    },
    async *readBlob(key, range) {
      const journal = journals.get(key);
      if (journal) yield Buffer.from(journal.subarray(range?.start, range?.end));
      else yield* storage.readBlob(key, range);
    },
    async *list(prefix) {
      yield* storage.list(prefix);
      for (const key of journals.keys()) if (key.startsWith(prefix)) yield key;
    },
    async remove(key) {
      journals.delete(key);
      await storage.remove(key);
    },
  };
}
