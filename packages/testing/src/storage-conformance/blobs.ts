import type { Storage } from "@langbatch/core";
import { expect } from "vitest";
import { chunks, oddChunks } from "./chunks.js";
import { codeOf, expectCode } from "./error-code.js";
import { expectBytes } from "./expect-bytes.js";
import { keysOf, readAll } from "./read-back.js";
import { hundred, pattern, text } from "./sample-bytes.js";
import { sha256 } from "./sha256.js";
import type { StorageCheck } from "./storage-check.js";

export const blobs: readonly StorageCheck[] = [
  {
    sentence: "keeps a blob that came in many chunks of odd sizes",
    async check(storage) {
      const bytes = pattern(3_000_017);
      const written = await storage.writeBlob("files/a", oddChunks(bytes));
      expect(written).toEqual({ bytes: bytes.length, sha256: sha256(bytes) });
      expectBytes(await readAll(storage, "files/a"), bytes);
    },
  },
  {
    sentence: "keeps an empty blob",
    async check(storage) {
      const written = await storage.writeBlob("files/a", chunks());
      expect(written).toEqual({ bytes: 0, sha256: sha256(new Uint8Array()) });
      expectBytes(await readAll(storage, "files/a"), new Uint8Array());
    },
  },
  {
    sentence: "copies a chunk before it asks for the next, so that producers may use one buffer",
    async check(storage) {
      async function* producer(): AsyncGenerator<Uint8Array> {
        const buffer = Buffer.alloc(1000);
        for (let count = 0; count < 100; count += 1) yield buffer.fill(count);
      }
      const expected = Buffer.concat(Array.from({ length: 100 }, (_, n) => Buffer.alloc(1000, n)));
      const written = await storage.writeBlob("files/a", producer());
      expect(written.sha256).toBe(sha256(expected));
      expectBytes(await readAll(storage, "files/a"), expected);
    },
  },
  {
    sentence: "hands out copies of a blob's bytes, which the reader may change",
    async check(storage) {
      await storage.writeBlob("files/a", chunks(hundred));
      for await (const chunk of storage.readBlob("files/a")) chunk.fill(0);
      expectBytes(await readAll(storage, "files/a"), hundred);
    },
  },
  ...[
    { what: "from a start to the blob's end", range: { start: 30 } },
    { what: "from the blob's start to an end that is left out itself", range: { end: 30 } },
    { what: "from a start to an end", range: { start: 30, end: 31 } },
    { what: "from the first byte to the last", range: { start: 0, end: 100 } },
    { what: "up to the blob's end where the range goes on", range: { start: 90, end: 200 } },
    { what: "nothing where the range starts at the blob's end", range: { start: 100 } },
    { what: "nothing where the range starts behind the blob", range: { start: 150, end: 200 } },
    { what: "nothing where the range is empty", range: { start: 30, end: 30 } },
    { what: "nothing where the range is empty at the start", range: { start: 0, end: 0 } },
  ].map(({ what, range }) => ({
    sentence: `reads a range: ${what}`,
    async check(storage: Storage) {
      await storage.writeBlob("files/a", chunks(hundred));
      const bytes = await readAll(storage, "files/a", range);
      expectBytes(bytes, hundred.slice(range.start, range.end));
    },
  })),
  {
    sentence: "says that a blob does not exist, whatever the range",
    async check(storage) {
      await storage.writeRecord("files/a", text("a record is no blob"), { expected: null });
      for (const range of [undefined, { start: 5 }, { start: 0, end: 0 }]) {
        await expectCode("not_found", () => readAll(storage, "files/a", range));
      }
    },
  },
  {
    sentence: "writes a blob once, and keeps the first",
    async check(storage) {
      await storage.writeBlob("files/a", chunks(text("first")));
      await expectCode("storage_conflict", () =>
        storage.writeBlob("files/a", chunks(text("second"))),
      );
      expectBytes(await readAll(storage, "files/a"), text("first"));
    },
  },
  {
    sentence: "lets exactly one of 16 concurrent writers of a blob win",
    async check(storage) {
      const outcomes = await Promise.all(
        Array.from({ length: 16 }, async (_, writer) => {
          const written = storage.writeBlob("files/a", oddChunks(pattern(50_000 + writer)));
          return (await codeOf(() => written)) ?? writer;
        }),
      );
      const winners = outcomes.filter((outcome) => outcome !== "storage_conflict");
      expect(winners).toHaveLength(1);
      expectBytes(await readAll(storage, "files/a"), pattern(50_000 + Number(winners[0])));
    },
  },
  {
    sentence: "shows nothing of a blob until it is complete",
    async check(storage) {
      async function* producer(): AsyncGenerator<Uint8Array> {
        for (let count = 0; count < 4; count += 1) {
          yield pattern(700_000);
          await expectCode("not_found", () => readAll(storage, "files/a"));
          expect(await keysOf(storage, "")).toEqual([]);
        }
      }
      await storage.writeBlob("files/a", producer());
      expect(await keysOf(storage, "")).toEqual(["files/a"]);
    },
  },
  {
    sentence: "passes the error of a source on, leaves nothing behind, and keeps the key free",
    async check(storage) {
      const failure = Object.assign(new Error("The source broke."), { code: "ENOENT" });
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield pattern(2_000_000);
        throw failure;
      }
      await expect(storage.writeBlob("files/a", broken())).rejects.toBe(failure);
      await expectCode("not_found", () => readAll(storage, "files/a"));
      expect(await keysOf(storage, "")).toEqual([]);
      await storage.writeBlob("files/a", chunks(hundred));
      expectBytes(await readAll(storage, "files/a"), hundred);
    },
  },
  {
    sentence: "stops a read that the reader gives up",
    async check(storage) {
      await storage.writeBlob("files/a", chunks(pattern(3_000_000)));
      for await (const _ of storage.readBlob("files/a")) break;
      await storage.remove("files/a");
      expect(await keysOf(storage, "")).toEqual([]);
    },
  },
];
