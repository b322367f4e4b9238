import { LangBatchError } from "../errors.js";
import type { Storage } from "./storage.js";

/** One guard for one storage, so that the same storage is recognised when it is given again. */
const guards = new WeakMap<Storage, Storage>();

/**
 * The storage, of which nothing but `LangBatchError`s leaves: whatever else it throws is the cause of
 * a `storage_failed`.
 */
export function guardStorage(storage: Storage): Storage {
  const guarded = guards.get(storage) ?? guard(storage);
  guards.set(storage, guarded);
  return guarded;
}

function guard(storage: Storage): Storage {
  async function call<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw wrap(error);
    }
  }

  async function* stream<T>(open: () => AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* open();
    } catch (error) {
      throw wrap(error);
    }
  }

  const { openBlob, append } = storage;
  return {
    specVersion: 1,
    readRecord: (key) => call(() => storage.readRecord(key)),
    writeRecord: (key, value, options) => call(() => storage.writeRecord(key, value, options)),
    readBlob: (key, range) => stream(() => storage.readBlob(key, range)),
    writeBlob: (key, data) => call(() => storage.writeBlob(key, data)),
    list: (prefix) => stream(() => storage.list(prefix)),
    remove: (key) => call(() => storage.remove(key)),
    ...(openBlob && { openBlob: (key) => call(() => openBlob.call(storage, key)) }),
    ...(append && { append: (key, data) => call(() => append.call(storage, key, data)) }),
  };
}

function wrap(error: unknown): unknown {
  if (LangBatchError.is(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new LangBatchError("storage_failed", `The storage failed: ${reason}`, { cause: error });
}
