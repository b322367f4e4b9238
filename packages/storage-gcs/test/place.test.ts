import { Storage as Client } from "@google-cloud/storage";
import type { LangBatchError, Storage } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { type GcsStorageOptions, gcsStorage } from "../src/index.js";
import { keysOf, once, readBlob, value } from "./support/bytes.js";
import { failure } from "./support/failure.js";
import { bucketName, openStorage } from "./support/open-storage.js";
import { sdkVersions } from "./support/sdk-versions.js";

function refusal(options: unknown): LangBatchError {
  try {
    gcsStorage(options as GcsStorageOptions);
  } catch (error) {
    return error as LangBatchError;
  }
  return expect.fail("It was taken.");
}

describe("the place of a storage", () => {
  const bucket = new Client({ apiEndpoint: "http://127.0.0.1:1", projectId: "any" }).bucket("b");

  it("must be a bucket", () => {
    for (const odd of [undefined, null, "my-bucket", {}, { name: "my-bucket" }, bucket.storage]) {
      expect(refusal({ bucket: odd })).toMatchObject({ code: "invalid_option", retryable: false });
    }
    for (const options of [undefined, null, {}]) {
      expect(refusal(options).message).toContain('new Storage().bucket("my-bucket")');
    }
  });

  it("has a prefix that can start an object's name", () => {
    const odd = ["/", "/a", "a//b", "..", "a/../b", ".", "a/./b", "a\n", "a\0", "\ud800", 5, null];
    for (const prefix of [...odd, "x".repeat(513), ".well-known/acme-challenge"]) {
      expect(refusal({ bucket, prefix }), String(prefix)).toMatchObject({ code: "invalid_option" });
    }
    for (const prefix of [undefined, "", "a", "a/", "a/b", "Räume/1", "a b", "a..b"]) {
      gcsStorage({ bucket, ...(prefix !== undefined && { prefix }) });
    }
  });

  it("is too long where a key does not fit behind the prefix any more", async () => {
    const storage = gcsStorage({ bucket, prefix: "x".repeat(512) });
    const key = Array.from({ length: 8 }, () => "k".repeat(100)).join("/");
    const error = await failure(storage.readRecord(key));
    expect(error.code).toBe("invalid_option");
    expect(error.message).toContain("shorter prefix");
  });
});

describe.each(sdkVersions)("a storage, with %s", (_, connect) => {
  async function fill(storage: Storage): Promise<void> {
    await storage.writeRecord("jobs/a", value, { expected: null });
    await storage.writeBlob("jobs/a", once(value));
    await storage.writeBlob("jobs/b", once(value));
  }

  it("asks for nothing before it is used", async () => {
    const { fake } = await openStorage(connect);
    expect(fake.requests).toEqual([]);
  });

  it("shows a person what is where, and carries no more than a write's id", async () => {
    const { fake, storage } = await openStorage(connect);
    await fill(storage);
    expect(fake.objects.map(({ name }) => name).sort()).toEqual([
      "batches/jobs/a.blob",
      "batches/jobs/a.record",
      "batches/jobs/b.blob",
    ]);
    for (const { metadata, contentType } of fake.objects) {
      expect(metadata).toEqual({ "langbatch-write-id": expect.stringMatching(/^[\da-f-]{36}$/) });
      expect(contentType).toBe("application/octet-stream");
    }
  });

  it("neither sees nor touches what is not its own", async () => {
    const { fake, bucket, storage } = await openStorage(connect);
    const others = [gcsStorage({ bucket }), gcsStorage({ bucket, prefix: "batches/jobs" })];
    for (const other of [storage, ...others]) await fill(other);
    for (const name of ["batches/notes.txt", "batches/jobs/a.record.copy", "batches/.record"]) {
      await bucket.file(name).save("x", { preconditionOpts: { ifGenerationMatch: 0 } });
    }
    expect(await keysOf(storage)).toEqual(["jobs/a", "jobs/b", "jobs/jobs/a", "jobs/jobs/b"]);
    expect(await keysOf(storage, "jobs/a")).toEqual(["jobs/a"]);
    await storage.remove("jobs/a");
    expect(await keysOf(storage)).toEqual(["jobs/b", "jobs/jobs/a", "jobs/jobs/b"]);
    expect(await readBlob(gcsStorage({ bucket }), "jobs/a")).toEqual(Buffer.from(value));
    expect(fake.objects.map(({ name }) => name)).toContain("batches/jobs/a.record.copy");
  });

  it("lists page by page, and asks for no page that nobody reads", async () => {
    const { fake, storage } = await openStorage(connect, { maxPageSize: 3 });
    for (let n = 0; n < 8; n += 1) await storage.writeBlob(`list/${n}`, once(value));
    const before = fake.requests.length;
    let seen = 0;
    for await (const _ of storage.list("list/")) {
      seen += 1;
      if (seen === 4) break;
    }
    expect(fake.requests.length - before).toBe(2);
    expect(await keysOf(storage, "list/")).toHaveLength(8);
  });

  it("takes buckets of any client, also where the bucket's own preconditions are set", async () => {
    const { fake, bucket } = await openStorage(connect);
    const strict = bucket.storage.bucket(bucketName, {
      preconditionOpts: { ifGenerationMatch: 5 },
    });
    const storage = gcsStorage({ bucket: strict });
    const { revision } = await storage.writeRecord("key", value, { expected: null });
    await storage.writeRecord("key", value, { expected: revision });
    await storage.writeBlob("key", once(value));
    await storage.remove("key");
    expect(fake.objects).toEqual([]);
  });
});
