import type { Bucket } from "@google-cloud/storage";
import { assertStorageKey, assertStoragePrefix, type Storage } from "@langbatch/core";
import { blobName, recordName } from "./layout.js";
import { listKeys } from "./list-keys.js";
import { checkedPlace } from "./place.js";
import { readFrom } from "./read-blob.js";
import { readNewest, writeNext } from "./records.js";
import { removeKey } from "./remove-key.js";
import { createSharedReads } from "./shared-reads.js";
import { createTurns } from "./turns.js";
import { writeOnce } from "./write-blob.js";

/** Where batches are kept. */
export interface GcsStorageOptions {
  /** A bucket of a ready client: `new Storage().bucket("my-bucket")`. Its retries are used. */
  readonly bucket: Bucket;
  /** What the names of all objects start with, such as `team/batches`. Default: nothing. */
  readonly prefix?: string;
}

/**
 * Keeps batches in a bucket of Google Cloud Storage, safely for any number of processes and machines.
 * Every write states the generation that it replaces, so that no update is ever lost; a write whose
 * answer was lost is recognised by an id that the object carries.
 *
 * Nothing is asked of the service before the first read or write. The credentials need to create, get,
 * list and delete objects: the role Storage Object User. Nothing else may delete or rewrite objects
 * below the prefix, a lifecycle rule least of all. What the service refuses is `storage_failed`, with
 * what to do about it.
 *
 * @throws `invalid_option` where `bucket` is none, or no object's name can start with `prefix`.
 */
export function gcsStorage(options: GcsStorageOptions): Storage {
  const { bucket, prefix } = Object(options) as Partial<GcsStorageOptions>;
  const place = checkedPlace(bucket, prefix);
  const turns = createTurns();
  const reads = createSharedReads<Awaited<ReturnType<typeof readNewest>>>();

  return {
    specVersion: 1,

    async readRecord(key) {
      assertStorageKey(key);
      const name = recordName(place, key);
      const record = await reads(name, () => readNewest({ place, name, action: "read" }));
      // A copy, as somebody else may have been given the same.
      return record && { ...record, value: Buffer.from(record.value) };
    },

    async writeRecord(key, value, { expected }) {
      assertStorageKey(key);
      const action = expected === null ? "create" : "overwrite";
      const name = recordName(place, key);
      return writeNext(value, expected, { place, name, action }, turns);
    },

    async *readBlob(key, range) {
      assertStorageKey(key);
      yield* readFrom({ place, name: blobName(place, key), action: "read" }, range);
    },

    async writeBlob(key, data) {
      assertStorageKey(key);
      return writeOnce(data, { place, name: blobName(place, key), action: "create" });
    },

    async *list(prefix) {
      assertStoragePrefix(prefix);
      yield* listKeys(place, prefix);
    },

    async remove(key) {
      assertStorageKey(key);
      await removeKey(place, key);
    },
  };
}
