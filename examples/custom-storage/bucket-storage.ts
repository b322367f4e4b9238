import { createHash, randomBytes } from "node:crypto";
import {
  assertStorageKey,
  assertStoragePrefix,
  LangBatchError,
  type Storage,
} from "@langbatch/core";
import type { Bucket } from "./bucket.js";

/** Buckets make ETags from content; some random bytes in front make each of ours a new one. */
const nonceBytes = 16;

/** Keeps batches in a bucket: one object for each record and each blob. */
export function bucketStorage(bucket: Bucket): Storage {
  const nameOf = (key: string, kind: "record" | "blob") => {
    assertStorageKey(key); // No text from outside ever becomes a name.
    return `${key}.${kind}`;
  };
  const put = async (name: string, body: Uint8Array, expected: string | null) => {
    const revision = await bucket.put(name, body, expected);
    if (revision !== undefined) return { revision };
    throw new LangBatchError("storage_conflict", `Somebody else wrote ${name} first.`);
  };

  return {
    specVersion: 1,
    async readRecord(key) {
      const object = await bucket.get(nameOf(key, "record"));
      return object && { value: object.body.slice(nonceBytes), revision: object.etag };
    },
    async writeRecord(key, value, { expected }) {
      const body = Buffer.concat([randomBytes(nonceBytes), value]);
      return put(nameOf(key, "record"), body, expected);
    },
    async *readBlob(key, range) {
      const object = await bucket.get(nameOf(key, "blob"), range);
      if (!object) throw new LangBatchError("not_found", `There is no blob ${key}.`);
      yield object.body;
    },
    async writeBlob(key, data) {
      const name = nameOf(key, "blob");
      // In memory, to keep this short. A multipart upload takes blobs of any size.
      const chunks: Uint8Array[] = [];
      for await (const chunk of data) chunks.push(Uint8Array.from(chunk));
      const body = Buffer.concat(chunks);
      await put(name, body, null);
      return { bytes: body.length, sha256: createHash("sha256").update(body).digest("hex") };
    },
    async *list(prefix) {
      assertStoragePrefix(prefix);
      const keys = new Set<string>();
      for await (const name of bucket.list(prefix)) keys.add(name.replace(/\.\w+$/, ""));
      yield* keys;
    },
    async remove(key) {
      await bucket.delete(nameOf(key, "record"));
      await bucket.delete(nameOf(key, "blob"));
    },
  };
}
