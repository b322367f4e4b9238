import { createHash } from "node:crypto";
import { LangBatchError } from "../errors.js";
import { assertStorageKey } from "./key.js";
import type { Storage } from "./storage.js";

/**
 * Keeps batches in this process's memory: for tests, and for batches that need not outlive the
 * process. Everything is lost when it ends, also the record of jobs that go on at the provider.
 */
export function memoryStorage(): Storage {
  const records = new Map<string, { value: Uint8Array; revision: string }>();
  const blobs = new Map<string, Buffer>();
  let writes = 0;

  function blob(key: string): Buffer {
    assertStorageKey(key);
    const value = blobs.get(key);
    if (value) return value;
    throw new LangBatchError("not_found", `There is no blob ${key} in this memory storage.`);
  }

  function assertFree(key: string): void {
    if (!blobs.has(key)) return;
    throw new LangBatchError("storage_conflict", `The blob ${key} is already written.`);
  }

  return {
    specVersion: 1,

    async readRecord(key) {
      assertStorageKey(key);
      const record = records.get(key);
      return record && { value: record.value.slice(), revision: record.revision };
    },

    async writeRecord(key, value, { expected }) {
      assertStorageKey(key);
      if ((records.get(key)?.revision ?? null) !== expected) {
        throw new LangBatchError("storage_conflict", `Somebody else wrote ${key} first.`);
      }
      writes += 1;
      const revision = String(writes);
      records.set(key, { value: value.slice(), revision });
      return { revision };
    },

    async *readBlob(key, { start = 0, end } = {}) {
      yield blob(key).subarray(start, end);
    },

    async writeBlob(key, data) {
      assertStorageKey(key);
      assertFree(key);
      const chunks: Uint8Array[] = [];
      for await (const chunk of data) chunks.push(chunk.slice());
      const value = Buffer.concat(chunks);
      assertFree(key);
      blobs.set(key, value);
      return { bytes: value.length, sha256: createHash("sha256").update(value).digest("hex") };
    },

    async *list(prefix) {
      for (const key of [...records.keys(), ...blobs.keys()]) {
        if (key.startsWith(prefix)) yield key;
      }
    },

    async remove(key) {
      assertStorageKey(key);
      records.delete(key);
      blobs.delete(key);
    },

    async openBlob(key) {
      return new Blob([blob(key)]);
    },
  };
}
