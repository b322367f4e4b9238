import { inspect } from "node:util";
import type { Storage } from "@langbatch/core";
import type { HttpFault } from "@langbatch/testing/fake-gcs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { gcsStorage } from "../src/index.js";
import { readSdkError } from "../src/sdk-error.js";
import { keysOf, manyBytes, once, readBlob, reusedBuffer, value } from "./support/bytes.js";
import { failure } from "./support/failure.js";
import { hurry } from "./support/hurry.js";
import { openStorage, token } from "./support/open-storage.js";
import { sdkVersions } from "./support/sdk-versions.js";

beforeEach(() => hurry());
afterEach(() => void vi.unstubAllGlobals());

/** Every way to ask, with the permission that it takes. */
const works: readonly (readonly [
  what: string,
  work: (storage: Storage) => Promise<unknown>,
  permission: string,
])[] = [
  ["readRecord", (storage) => storage.readRecord("key"), "storage.objects.get"],
  [
    "writeRecord, a new one",
    (storage) => storage.writeRecord("key", value, { expected: null }),
    "storage.objects.create",
  ],
  [
    "writeRecord, the next one",
    (storage) => storage.writeRecord("key", value, { expected: "1" }),
    "storage.objects.create and storage.objects.delete",
  ],
  ["readBlob", (storage) => readBlob(storage, "key"), "storage.objects.get"],
  ["readBlob, nothing", (storage) => readBlob(storage, "key", { end: 0 }), "storage.objects.get"],
  ["writeBlob", (storage) => storage.writeBlob("key", once(value)), "storage.objects.create"],
  [
    "writeBlob, a big one",
    (storage) => storage.writeBlob("key", reusedBuffer(manyBytes())),
    "storage.objects.create",
  ],
  ["list", (storage) => keysOf(storage), "storage.objects.list"],
  ["remove", (storage) => storage.remove("key"), "storage.objects.list"],
];

/** What a person or a log may see of an error. */
function seenOf(error: unknown): string {
  const { cause } = error as Error;
  return [
    inspect(error, { depth: 20, showHidden: true }),
    JSON.stringify(error),
    inspect(cause),
  ].join();
}

describe.each(sdkVersions)("an error of the service, with %s", (_, connect) => {
  describe.each(works)("in %s", (_what, work, permission) => {
    async function errorOf(fault: HttpFault) {
      const { fake, storage } = await openStorage(connect);
      fake.failNext({}, fault, Number.POSITIVE_INFINITY);
      const error = await failure(work(storage));
      expect(error.code).toBe("storage_failed");
      expect(error.message).toMatch(/^[^\n]+\.$/);
      expect(error.message).toContain("my-bucket");
      expect(seenOf(error)).not.toContain(token);
      expect(seenOf(error)).not.toMatch(/upload_id=\w/);
      return { error, requests: fake.requests.length };
    }

    it("names the permission and the role where it is forbidden", async () => {
      const { error } = await errorOf({ kind: "status", status: 403 });
      expect(error).toMatchObject({ retryable: false, status: 403 });
      expect(error.message).toContain(permission.split(" and ")[0]);
      expect(error.message).toContain("Storage Object User");
    });

    it("says to check the credentials where nobody knows them", async () => {
      const { error } = await errorOf({ kind: "status", status: 401 });
      expect(error).toMatchObject({ retryable: false, status: 401 });
      expect(error.message).toContain("gcloud auth application-default login");
    });

    it("says that there is no such bucket", async () => {
      const { fake, bucket } = await openStorage(connect);
      const elsewhere = bucket.storage.bucket("another-bucket");
      const error = await failure(work(gcsStorage({ bucket: elsewhere })));
      expect(error).toMatchObject({ code: "storage_failed", retryable: false, status: 404 });
      expect(error.message).toContain("There is no bucket gs://another-bucket.");
      expect(fake.requests.length).toBe(1);
    });

    it.each([429, 500, 503])("may be tried again after %i, which the SDK did", async (status) => {
      const { error, requests } = await errorOf({ kind: "status", status });
      expect(error).toMatchObject({ retryable: true, status });
      if (status === 429) expect(error.message).toContain("one write per second");
      expect(requests).toBeGreaterThanOrEqual(3);
    });

    it("may be tried again after the connection broke, which the SDK did", async () => {
      const { error, requests } = await errorOf({ kind: "reset" });
      expect(error).toMatchObject({ retryable: true });
      expect(error.status).toBeUndefined();
      expect(requests).toBeGreaterThanOrEqual(3);
    });

    it("goes unseen where it passes in time", async () => {
      const { fake, storage } = await openStorage(connect);
      await storage.writeRecord("other", value, { expected: null });
      fake.failNext({}, { kind: "status", status: 503 });
      fake.failNext({}, { kind: "reset" });
      const error: unknown = await work(storage).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      // What was not there is still not there.
      if (error) expect(error).toMatchObject({ code: expect.stringMatching(/not_found|conflict/) });
    });
  });

  it("says what a retention policy does", async () => {
    const { fake, storage } = await openStorage(connect);
    const { revision } = await storage.writeRecord("key", value, { expected: null });
    const message =
      "Object 'my-bucket/batches/key.record' is subject to bucket's retention policy or object retention and cannot be deleted or overwritten until 2030-01-01T00:00:00Z";
    const body = {
      error: {
        code: 403,
        message,
        errors: [{ message, domain: "global", reason: "retentionPolicyNotMet" }],
      },
    };
    const fault: HttpFault = { kind: "status", status: 403, body };
    fake.failNext({ method: "POST" }, fault);
    fake.failNext({ method: "DELETE" }, fault);
    for (const work of [
      () => storage.writeRecord("key", value, { expected: revision }),
      () => storage.remove("key"),
    ]) {
      const error = await failure(work());
      expect(error).toMatchObject({ code: "storage_failed", retryable: false, status: 403 });
      expect(error.message).toContain("retention policy");
    }
  });

  it("says where to get credentials where the client finds none", async () => {
    const { bucket } = await openStorage(connect);
    bucket.file = () => {
      throw new Error("Could not load the default credentials. Browse to https://…");
    };
    const error = await failure(gcsStorage({ bucket }).readRecord("key"));
    expect(error).toMatchObject({ code: "storage_failed", retryable: false });
    expect(error.message).toContain("GOOGLE_APPLICATION_CREDENTIALS");
  });

  it("never switches off the retries of the user's client", async () => {
    const { fake, bucket, storage } = await openStorage(connect);
    const { revision } = await storage.writeRecord("key", value, { expected: null });
    await storage.writeRecord("key", value, { expected: revision });
    await storage.writeBlob("small", once(value));
    await storage.writeBlob("big", reusedBuffer(manyBytes()));
    await failure(storage.writeBlob("big", reusedBuffer(manyBytes())));
    await storage.remove("key");
    await storage.remove("big");
    expect(bucket.storage.retryOptions).toMatchObject({ autoRetry: true, maxRetries: 2 });
    const writes = fake.requests.filter(({ method }) => method === "POST" || method === "DELETE");
    for (const { query } of writes) expect(query).toMatch(/ifGenerationMatch=\d/);
  });
});

describe("what the SDK says", () => {
  it("is read wherever it says it", () => {
    const reasons = [{ reason: "rateLimitExceeded", message: "slow down" }];
    for (const error of [
      Object.assign(new Error("slow down"), { code: 429, errors: reasons }),
      Object.assign(new Error("slow down"), { code: "429", errors: reasons }),
      Object.assign(new Error("Request failed with status code 429"), {
        response: { status: 429, data: { error: { message: "slow down", errors: reasons } } },
      }),
      { code: 429, message: "slow down", errors: reasons },
    ]) {
      expect(readSdkError(error)).toEqual({
        status: 429,
        reason: "rateLimitExceeded",
        message: "slow down",
      });
    }
    expect(readSdkError(new Error('Retry limit exceeded - {"code":"503"}')).status).toBe(503);
    expect(readSdkError(new Error("Retry limit exceeded - status: 503 - x")).status).toBe(503);
    expect(readSdkError(Object.assign(new Error("broke"), { code: "ECONNRESET" }))).toEqual({
      status: undefined,
      reason: "ECONNRESET",
      message: "broke",
    });
    for (const odd of [undefined, null, "text", 5]) {
      expect(readSdkError(odd)).toMatchObject({ status: undefined, message: String(odd) });
    }
  });

  it("loses its secrets, and what is too long", () => {
    const session =
      "https://storage.googleapis.com/upload/storage/v1/b/b/o?upload_id=ABC-secret&name=x";
    const { message } = readSdkError(
      new Error(
        `request to ${session} failed: {"Authorization":"Bearer secret.1"} ya29.secret-2 \n end`,
      ),
    );
    expect(message).not.toContain("secret");
    expect(message).toMatch(/^request to https:.*&name=x failed: .* end$/);
    expect(readSdkError(new Error("x".repeat(5000))).message).toHaveLength(300);
  });
});
