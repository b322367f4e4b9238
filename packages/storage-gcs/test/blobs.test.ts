import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { stallMs } from "../src/stall-watch.js";
import {
  keysOf,
  manyBytes,
  moreBytes,
  once,
  readBlob,
  reusedBuffer,
  value,
} from "./support/bytes.js";
import { failure } from "./support/failure.js";
import { hurry } from "./support/hurry.js";
import { openStorage } from "./support/open-storage.js";
import { sdkVersions } from "./support/sdk-versions.js";

beforeEach(() => hurry());
afterEach(() => void vi.unstubAllGlobals());

const downloads = { method: "GET", query: "alt=media" };

describe.each(sdkVersions)("a blob, with %s", (_, connect) => {
  it("goes in one request where it is small, and in several where it is big", async () => {
    const { fake, storage } = await openStorage(connect);
    await storage.writeBlob("small", once(value));
    expect(fake.requests.map(({ method }) => method)).toEqual(["POST"]);
    await storage.writeBlob("big", reusedBuffer(manyBytes()));
    const chunks = fake.requests.filter(({ method }) => method === "PUT");
    expect(chunks.map(({ bytes }) => bytes)).toEqual([8_388_608, 111_395]);
    expect(fake.openUploads).toBe(0);
  });

  it.each([8_388_607, 8_388_608])("keeps %i bytes", async (length) => {
    const { storage } = await openStorage(connect);
    const bytes = moreBytes().subarray(0, length);
    await storage.writeBlob("key", reusedBuffer(bytes));
    expect((await readBlob(storage, "key")).equals(bytes)).toBe(true);
  });

  it("leaves nothing where its source fails in the middle, and passes the error on", async () => {
    const { fake, storage } = await openStorage(connect);
    const broken = new Error("The source broke.");
    async function* source(): AsyncGenerator<Uint8Array> {
      yield* reusedBuffer(manyBytes());
      expect(fake.openUploads).toBe(1);
      throw broken;
    }
    await expect(storage.writeBlob("key", source())).rejects.toBe(broken);
    expect(fake.openUploads).toBe(0);
    expect(fake.objects).toEqual([]);
    await storage.writeBlob("key", once(value));
    expect(await keysOf(storage)).toEqual(["key"]);
  });

  it("passes on whatever its source throws, and tells it where the upload fails", async () => {
    const { fake, storage } = await openStorage(connect);
    async function* thrower(): AsyncGenerator<Uint8Array> {
      yield value;
      throw undefined;
    }
    await expect(storage.writeBlob("key", thrower())).rejects.toBeUndefined();

    let isTold = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.alloc(1_000_000);
      } finally {
        isTold = true;
      }
    }
    fake.failNext({ method: "PUT" }, { kind: "status", status: 403 });
    expect((await failure(storage.writeBlob("key", endless()))).status).toBe(403);
    expect(isTold).toBe(true);
  });

  it("is refused by the service where it arrives damaged", async () => {
    const { fake, bucket, storage } = await openStorage(connect);
    bucket.storage.crc32cGenerator = () => ({
      update: () => undefined,
      validate: () => false,
      toString: () => "AAAAAA==",
    });
    const small = await failure(storage.writeBlob("small", once(value)));
    expect(small).toMatchObject({ code: "storage_failed", status: 400 });
    const big = await failure(storage.writeBlob("big", reusedBuffer(manyBytes())));
    expect(big).toMatchObject({ code: "storage_failed", retryable: true });
    expect(big.message).toContain("arrived damaged");
    expect(fake.objects).toEqual([]);
  });

  it("is refused by the reader where it arrives damaged", async () => {
    const { fake, storage } = await openStorage(connect);
    await storage.writeBlob("key", once(value));
    await storage.writeRecord("key", value, { expected: null });
    fake.failNext(downloads, { kind: "corrupt" }, 2);
    for (const work of [() => readBlob(storage, "key"), () => storage.readRecord("key")]) {
      const error = await failure(work());
      expect(error).toMatchObject({ code: "storage_failed", retryable: true });
      expect(error.message).toContain("arrived damaged");
    }
  });

  it.each(["cut", "break"] as const)("is read on where the answer is a %s one", async (kind) => {
    hurry(stallMs);
    const { fake, storage } = await openStorage(connect);
    const bytes = manyBytes().subarray(0, 1_000_000);
    await storage.writeBlob("key", reusedBuffer(bytes));
    const { revision } = await storage.writeRecord("key", bytes, { expected: null });
    fake.failNext(downloads, { kind, bytes: 100_000 }, 2);
    expect((await readBlob(storage, "key")).equals(bytes)).toBe(true);
    fake.failNext(downloads, { kind, bytes: 100_000 }, 2);
    expect((await readBlob(storage, "key", { start: 5 })).equals(bytes.subarray(5))).toBe(true);
    fake.failNext(downloads, { kind, bytes: 100_000 });
    const record = await storage.readRecord("key");
    expect(bytes.equals(record?.value ?? Buffer.alloc(0))).toBe(true);
    expect(record?.revision).toBe(revision);
  });

  it("is given up where the answer breaks again and again", async () => {
    hurry(stallMs);
    const { fake, storage } = await openStorage(connect);
    await storage.writeBlob("key", once(value));
    fake.failNext(downloads, { kind: "break", bytes: 0 }, 100);
    const broken = await failure(readBlob(storage, "key"));
    expect(broken).toMatchObject({ code: "storage_failed", retryable: true });
    expect(fake.requests).toHaveLength(1 + 4);
  });

  it("keeps value and generation together while a record is overwritten under a reader", async () => {
    const { fake, storage } = await openStorage(connect);
    const first = await storage.writeRecord("key", Buffer.from("old value"), { expected: null });
    fake.failNext(downloads, { kind: "cut", bytes: 3 });
    const reading = storage.readRecord("key");
    const next = Buffer.from("new");
    const { revision } = await storage.writeRecord("key", next, { expected: first.revision });
    const record = await reading;
    const isOld = record?.revision === first.revision;
    expect(String(record?.value)).toBe(isOld ? "old value" : "new");
    expect(await storage.readRecord("key")).toEqual({ value: next, revision });
  });

  it("is read in parts, also by range", async () => {
    const { fake, storage } = await openStorage(connect);
    const bytes = moreBytes();
    await storage.writeBlob("key", reusedBuffer(bytes));
    expect((await readBlob(storage, "key")).equals(bytes)).toBe(true);
    for (const { start, end } of [
      { start: 16_777_215, end: 16_777_217 },
      { start: 3, end: 16_777_219 },
      { start: 16_800_000, end: 40_000_000 },
    ]) {
      const read = await readBlob(storage, "key", { start, end });
      expect(read.equals(bytes.subarray(start, end))).toBe(true);
    }
    const asked = fake.requests.filter(({ query }) => query.includes("alt=media"));
    expect(asked.slice(0, 2).map(({ headers }) => headers.range)).toEqual([
      "bytes=0-16777215",
      "bytes=16777216-33554431",
    ]);
  });

  it("lets a reader stop without harm to what is asked beside it", async () => {
    const { fake, storage } = await openStorage(connect);
    await storage.writeBlob("key", reusedBuffer(manyBytes()));
    fake.failNext({ path: /\/o$/ }, { kind: "hang" });
    // It hangs until the server is closed.
    keysOf(storage).catch(() => undefined);
    const lists = () => fake.requests.filter(({ query }) => query.includes("prefix="));
    while (lists().length === 0) await new Promise(setImmediate);
    for (let count = 0; count < 3; count += 1) {
      for await (const _ of storage.readBlob("key")) break;
      expect(await storage.readRecord("none")).toBeUndefined();
    }
    expect(lists()).toHaveLength(1);
  });

  it("is refused range by range where it is the caller's mistake", async () => {
    const { storage } = await openStorage(connect);
    await storage.writeBlob("key", once(value));
    for (const range of [{ start: -1 }, { end: -1 }, { start: 0.5 }, { end: Number.NaN }]) {
      expect((await failure(readBlob(storage, "key", range))).code).toBe("invalid_option");
    }
  });
});
