import { LangBatchError, type Storage } from "@langbatch/core";

/** What one process did with the records. */
export interface RecordCounts {
  /** Writes that were asked for. */
  writes: number;
  /** Of these, those that somebody else was faster with. */
  conflicts: number;
  /** How often it was told that it is not known yet what came of a create of another's. */
  doubts: number;
}

/** The same storage, which counts the writes of jobs' records, and the races that were lost. */
export function countingStorage(storage: Storage, counts: RecordCounts): Storage {
  return new Proxy(storage, {
    get(target, name, receiver) {
      if (name !== "writeRecord") return Reflect.get(target, name, receiver);
      const write: Storage["writeRecord"] = async (key, ...rest) => {
        if (!key.startsWith("jobs/")) return target.writeRecord(key, ...rest);
        counts.writes += 1;
        try {
          return await target.writeRecord(key, ...rest);
        } catch (error) {
          if (LangBatchError.is(error, "storage_conflict")) counts.conflicts += 1;
          throw error;
        }
      };
      return write;
    },
  });
}
