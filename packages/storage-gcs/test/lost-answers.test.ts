import type { HttpFault } from "@langbatch/testing/fake-gcs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keysOf, manyBytes, once, readBlob, reusedBuffer, value } from "./support/bytes.js";
import { failure } from "./support/failure.js";
import { hurry } from "./support/hurry.js";
import { openStorage } from "./support/open-storage.js";
import { sdkVersions } from "./support/sdk-versions.js";

beforeEach(() => hurry());
afterEach(() => void vi.unstubAllGlobals());

const uploads = { method: "POST", path: "/upload/" };
const lost: readonly (readonly [what: string, fault: HttpFault])[] = [
  ["an error came in its place", { kind: "error-after", status: 503 }],
  ["the connection broke", { kind: "reset-after" }],
];

describe.each(sdkVersions)("a write whose answer was lost, with %s", (_, connect) => {
  describe.each(lost)("because %s", (_what, fault) => {
    it("has created the record, although the second attempt met it", async () => {
      const { fake, storage } = await openStorage(connect);
      fake.failNext(uploads, fault);
      const { revision } = await storage.writeRecord("key", value, { expected: null });
      expect(fake.requests.map(({ method, status }) => `${method} ${status}`)).toEqual([
        `POST ${fault.kind === "reset-after" ? undefined : 503}`,
        "POST 412",
        "GET 200",
      ]);
      expect(await storage.readRecord("key")).toEqual({ value: Buffer.from(value), revision });
    });

    it("has updated the record", async () => {
      const { fake, storage } = await openStorage(connect);
      const first = await storage.writeRecord("key", value, { expected: null });
      fake.failNext(uploads, fault);
      const next = Buffer.from("next");
      const { revision } = await storage.writeRecord("key", next, { expected: first.revision });
      expect(revision).not.toBe(first.revision);
      expect(await storage.readRecord("key")).toEqual({ value: next, revision });
    });

    it("has written the small blob", async () => {
      const { fake, storage } = await openStorage(connect);
      fake.failNext(uploads, fault);
      expect(await storage.writeBlob("key", once(value))).toMatchObject({ bytes: value.length });
      expect(await readBlob(storage, "key")).toEqual(Buffer.from(value));
    });

    it("has written the big blob, when it was the last of several requests", async () => {
      const { fake, storage } = await openStorage(connect);
      const bytes = manyBytes();
      fake.failNext({ method: "PUT", headers: { "content-range": /\/\d+$/ } }, fault);
      expect(await storage.writeBlob("key", reusedBuffer(bytes))).toMatchObject({
        bytes: bytes.length,
      });
      expect((await readBlob(storage, "key")).equals(bytes)).toBe(true);
      expect(fake.openUploads).toBe(0);
    });

    it("goes on in the middle of a big blob", async () => {
      const { fake, storage } = await openStorage(connect);
      const bytes = manyBytes();
      fake.failNext({ method: "PUT", headers: { "content-range": /^bytes 0-/ } }, fault);
      await storage.writeBlob("key", reusedBuffer(bytes));
      expect((await readBlob(storage, "key")).equals(bytes)).toBe(true);
    });

    it("has removed the record", async () => {
      const { fake, storage } = await openStorage(connect);
      await storage.writeRecord("key", value, { expected: null });
      fake.failNext({ method: "DELETE" }, fault);
      await storage.remove("key");
      expect(fake.objects).toEqual([]);
    });
  });

  it("is a conflict where somebody else has written the record", async () => {
    const { fake, bucket, storage } = await openStorage(connect);
    await storage.writeRecord("key", value, { expected: null });
    // Another write's id, and the same bytes.
    const error = await failure(storage.writeRecord("key", value, { expected: null }));
    expect(error).toMatchObject({ code: "storage_conflict", retryable: false });
    expect(error.message).toContain("gs://my-bucket/batches/key.record");
    await bucket.file("batches/bare.record").save("x", {
      resumable: false,
      preconditionOpts: { ifGenerationMatch: 0 },
    });
    const bare = storage.writeRecord("bare", value, { expected: null });
    expect((await failure(bare)).code).toBe("storage_conflict");
    expect(fake.objects).toHaveLength(2);
  });

  it("is a conflict where somebody else has written the blob, of whatever size", async () => {
    const { storage } = await openStorage(connect);
    await storage.writeBlob("key", once(value));
    for (const bytes of [Buffer.from("another"), manyBytes()]) {
      const error = await failure(storage.writeBlob("key", reusedBuffer(bytes)));
      expect(error.code).toBe("storage_conflict");
    }
    expect(await readBlob(storage, "key")).toEqual(Buffer.from(value));
  });

  it("is a conflict where somebody took the key while a big blob was sent", async () => {
    const { fake, storage } = await openStorage(connect);
    async function* source(): AsyncGenerator<Uint8Array> {
      yield* reusedBuffer(manyBytes());
      await storage.writeBlob("key", once(value));
    }
    expect((await failure(storage.writeBlob("key", source()))).code).toBe("storage_conflict");
    expect(await readBlob(storage, "key")).toEqual(Buffer.from(value));
    expect(fake.openUploads).toBe(0);
  });

  it("stays unclear where nobody can look, and says that it may be tried again", async () => {
    const { fake, storage } = await openStorage(connect);
    fake.failNext(uploads, { kind: "error-after", status: 503 });
    fake.failNext({ method: "GET" }, { kind: "status", status: 503 }, 3);
    const error = await failure(storage.writeRecord("key", value, { expected: null }));
    expect(error).toMatchObject({ code: "storage_failed", retryable: true });
    expect(await keysOf(storage)).toEqual(["key"]);
  });
});
