import { createHash } from "node:crypto";
import { LangBatchError } from "../errors.js";
import { assertStorageKey, assertStoragePrefix } from "./key.js";
import type { Storage } from "./storage.js";

const chunkBytes = 1_048_576;

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
      return record && { value: new Uint8Array(record.value), revision: record.revision };
    },

    async writeRecord(key, value, { expected }) {
      assertStorageKey(key);
      if ((records.get(key)?.revision ?? null) !== expected) {
        throw new LangBatchError("storage_conflict", `Somebody else wrote ${key} first.`);
      }
      writes += 1;
      const revision = String(writes);
      // Not slice(): that of a Buffer is no copy.
      records.set(key, { value: new Uint8Array(value), revision });
      return { revision };
    },

    async *readBlob(key, { start = 0, end = Number.POSITIVE_INFINITY } = {}) {
      const value = blob(key);
      for (let from = start; from < Math.min(end, value.length); from += chunkBytes) {
        // A copy, which the reader may change.
        yield new Uint8Array(value.subarray(from, Math.min(end, from + chunkBytes)));
      }
    },

    async writeBlob(key, data) {
      assertStorageKey(key);
      assertFree(key);
      const chunks: Uint8Array[] = [];
      for await (const chunk of data) chunks.push(new Uint8Array(chunk));
      const value = Buffer.concat(chunks);
      assertFree(key);
      blobs.set(key, value);
      return { bytes: value.length, sha256: createHash("sha256").update(value).digest("hex") };
    },

    async *list(prefix) {
      assertStoragePrefix(prefix);
      for (const key of new Set([...records.keys(), ...blobs.keys()])) {
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
