import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Bucket, File } from "@google-cloud/storage";
import { describe, expect, it, vi } from "vitest";
import type { FakeGcs, FakeGcsOptions } from "../src/fake-gcs.js";
import { objectUrl, put, sdkClients, startFake } from "./support/start-fake-gcs.js";

describe.each(sdkClients)("the fake of Google Cloud Storage, with %s", (_, connect) => {
  async function open(options?: FakeGcsOptions): Promise<{ fake: FakeGcs; bucket: Bucket }> {
    const fake = await startFake(options);
    return { fake, bucket: connect(fake.url).bucket("fake-bucket") };
  }

  /** The status that `work` was refused with, wherever the SDK keeps it. */
  async function codeOf(work: Promise<unknown>): Promise<unknown> {
    return work.then(
      () => "done",
      (error: { readonly code?: unknown; readonly status?: unknown }) => error.code ?? error.status,
    );
  }

  it("keeps what one request brings, with its metadata", async () => {
    const { fake, bucket } = await open();
    const file = bucket.file("a folder/ünïcode #1?.bin");
    const bytes = randomBytes(300_000);
    await file.save(bytes, {
      resumable: false,
      metadata: { contentType: "text/x-mine", cacheControl: "no-store", metadata: { mine: "yes" } },
    });
    const [metadata] = await file.getMetadata();
    expect(metadata).toMatchObject({
      name: "a folder/ünïcode #1?.bin",
      size: "300000",
      contentType: "text/x-mine",
      cacheControl: "no-store",
      metadata: { mine: "yes" },
      metageneration: "1",
    });
    // The SDK has compared both checksums with its own.
    const [read] = await file.download({ validation: "crc32c" });
    expect(read.equals(bytes)).toBe(true);
    expect((await file.download({ validation: "md5" }))[0].equals(bytes)).toBe(true);
    expect(Buffer.from(await fake.bytesOf("fake-bucket", file.name)).equals(bytes)).toBe(true);
  });

  it.each([1, 262_144, 600_000])("keeps %i bytes of a resumable upload", async (length) => {
    const { fake, bucket } = await open();
    const bytes = randomBytes(length);
    for (const chunkSize of [undefined, 262_144]) {
      const file = bucket.file(`chunks-of-${chunkSize}`);
      await pipeline(
        Readable.from([bytes]),
        file.createWriteStream({ resumable: true, ...(chunkSize && { chunkSize }) }),
      );
      expect((await file.download())[0].equals(bytes)).toBe(true);
    }
    expect(fake.openUploads).toBe(0);
    const chunks = fake.requests.filter(({ method }) => method === "PUT");
    expect(chunks.length).toBe(1 + Math.ceil(length / 262_144));
  });

  it("reads ranges, and refuses those that start behind the end", async () => {
    const { bucket } = await open();
    const file = bucket.file("digits");
    await file.save("0123456789", { resumable: false });
    const read = async (range: { start?: number; end?: number }) =>
      String((await file.download(range))[0]);
    expect(await read({ start: 2, end: 4 })).toBe("234");
    expect(await read({ start: 8 })).toBe("89");
    expect(await read({ end: 20 })).toBe("0123456789");
    expect(await read({ end: -3 })).toBe("789");
    expect(await codeOf(file.download({ start: 10 }))).toBe(416);
  });

  it("gives every write a generation, and writes only where the precondition holds", async () => {
    const { bucket } = await open();
    const file = bucket.file("record");
    const generations: number[] = [];
    const write = async (ifGenerationMatch: number, resumable: boolean) => {
      await file.save(`write ${generations.length}`, {
        resumable,
        preconditionOpts: { ifGenerationMatch },
      });
      generations.push(Number((await file.getMetadata())[0].generation));
    };
    await write(0, false);
    for (const resumable of [false, true]) {
      expect(await codeOf(write(0, resumable))).toBe(412);
      expect(await codeOf(write(1, resumable))).toBe(412);
      await write(generations.at(-1) ?? 0, resumable);
    }
    expect(await codeOf(file.delete({ ifGenerationMatch: generations[0] ?? 0 }))).toBe(412);
    await file.delete({ ifGenerationMatch: generations.at(-1) ?? 0 });
    expect(await codeOf(file.getMetadata())).toBe(404);
    await write(0, false);
    expect(generations).toEqual([...generations].sort((one, other) => one - other));
    expect(new Set(generations).size).toBe(4);
  });

  it("reads the generation that is asked for, and no older one", async () => {
    const { fake, bucket } = await open();
    const first = await put(fake, "record", "first");
    const old: File = bucket.file("record", { generation: first });
    expect(String((await old.download())[0])).toBe("first");
    await put(fake, "record", "second");
    expect(await codeOf(old.download())).toBe(404);
    expect(String((await bucket.file("record").download())[0])).toBe("second");
  });

  it("counts changes of the metadata apart", async () => {
    const { bucket } = await open();
    const file = bucket.file("record");
    await file.save("value", { resumable: false, metadata: { metadata: { one: "1" } } });
    const [before] = await file.getMetadata();
    await file.setMetadata({ metadata: { two: "2" } }, { ifMetagenerationMatch: 1 });
    const [after] = await file.getMetadata();
    expect(after).toMatchObject({
      generation: before.generation,
      metageneration: "2",
      metadata: { one: "1", two: "2" },
    });
    const stale = file.setMetadata({ metadata: { two: "3" } }, { ifMetagenerationMatch: 1 });
    expect(await codeOf(stale)).toBe(412);
  });

  it("lists in pages, by prefix, and folds what a delimiter ends", async () => {
    const { fake, bucket } = await open({ maxPageSize: 2 });
    for (const name of ["a", "b/1", "b/2", "b/c/3", "d/4", "é"]) await put(fake, name, name);
    const names = async (query: object) =>
      (await bucket.getFiles(query))[0].map(({ name }) => name);
    expect(await names({})).toEqual(["a", "b/1", "b/2", "b/c/3", "d/4", "é"]);
    expect(fake.requests.filter(({ method }) => method === "GET")).toHaveLength(3);
    expect(await names({ prefix: "b/" })).toEqual(["b/1", "b/2", "b/c/3"]);
    expect(await names({ prefix: "none" })).toEqual([]);
    expect(await names({ maxResults: 1 })).toEqual(["a"]);
    expect(await names({ startOffset: "b/2", endOffset: "d" })).toEqual(["b/2", "b/c/3"]);
    const [, , folded] = await bucket.getFiles({ delimiter: "/", autoPaginate: false });
    expect(folded).toMatchObject({ prefixes: ["b/"], items: [{ name: "a" }] });
  });

  it("knows its buckets", async () => {
    const { fake, bucket } = await open();
    expect((await bucket.exists())[0]).toBe(true);
    const other = connect(fake.url).bucket("other");
    expect((await other.exists())[0]).toBe(false);
    expect(await codeOf(other.file("x").save("x", { resumable: false }))).toBe(404);
    expect(await codeOf(other.getFiles())).toBe(404);
    fake.createBucket("other");
    await other.file("x").save("x", { resumable: false });
    expect(fake.objects).toMatchObject([{ bucket: "other", name: "x", bytes: 1 }]);
  });

  it("is found by STORAGE_EMULATOR_HOST as well", async () => {
    const fake = await startFake();
    vi.stubEnv("STORAGE_EMULATOR_HOST", fake.url);
    try {
      const bucket = connect("").bucket("fake-bucket");
      for (const resumable of [false, true]) {
        const file = bucket.file(`resumable-${resumable}`);
        await file.save("value", { resumable });
        expect(String((await file.download())[0])).toBe("value");
      }
      expect((await bucket.getFiles())[0]).toHaveLength(2);
      expect(fake.requests.map(({ path }) => path)).toContain("/b/fake-bucket/o");
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

it("answers as the JSON API does where something is wrong", async () => {
  const fake = await startFake();
  const missing = await fetch(objectUrl(fake, "none"));
  expect(missing.status).toBe(404);
  expect(await missing.json()).toEqual({
    error: {
      code: 404,
      message: "No such object: fake-bucket/none",
      errors: [
        { message: "No such object: fake-bucket/none", domain: "global", reason: "notFound" },
      ],
    },
  });
  const download = await fetch(`${objectUrl(fake, "none")}?alt=media`);
  expect([download.status, await download.text()]).toEqual([
    404,
    "No such object: fake-bucket/none",
  ]);
  await put(fake, "one", "1");
  const refused = await fetch(
    `${objectUrl(fake, "one")}?ifGenerationNotMatch=0&ifMetagenerationNotMatch=1`,
  );
  expect(refused.status).toBe(412);
  expect(await refused.json()).toMatchObject({
    error: { errors: [{ reason: "conditionNotMet", location: "ifMetagenerationNotMatch" }] },
  });
  for (const [url, status] of [
    [`${objectUrl(fake, "one")}?ifGenerationMatch=x`, 400],
    [`${objectUrl(fake)}?maxResults=x`, 400],
    [`${fake.url}/elsewhere`, 404],
  ] as const) {
    expect((await fetch(url)).status, url).toBe(status);
  }
  expect((await fetch(objectUrl(fake), { method: "PUT" })).status).toBe(405);
});

it("says in a download's headers what it is of", async () => {
  const fake = await startFake();
  const generation = await put(fake, "one", "data");
  const { headers } = await fetch(`${objectUrl(fake, "one")}?alt=media`);
  expect(headers.get("x-goog-generation")).toBe(generation);
  expect(headers.get("x-goog-stored-content-length")).toBe("4");
  // CRC-32C of "data" in the documentation of npm @google-cloud/storage, and MD5.
  expect(headers.get("x-goog-hash")).toBe("crc32c=rth90Q==,md5=jXd/OF09/siBXSD3SWAm3A==");
});
