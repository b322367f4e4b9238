import type { Storage } from "@langbatch/core";
import { expect } from "vitest";
import { chunks } from "./chunks.js";
import { expectBytes } from "./expect-bytes.js";
import { readAll, readText } from "./read-back.js";
import { everyByte, pattern, text } from "./sample-bytes.js";
import type { StorageCheck } from "./storage-check.js";

export const recordValues: readonly StorageCheck[] = [
  {
    sentence: "reads a record that was never written as undefined",
    async check(storage) {
      expect(await storage.readRecord("jobs/a/0")).toBeUndefined();
    },
  },
  ...[
    { what: "an empty value", value: new Uint8Array() },
    { what: "a value of one byte", value: new Uint8Array([0]) },
    { what: "a value with every byte, NUL included", value: everyByte },
    { what: "a value of 1 MiB", value: pattern(1_048_576) },
  ].map(({ what, value }) => ({
    sentence: `keeps ${what}`,
    async check(storage: Storage) {
      const { revision } = await storage.writeRecord("jobs/a/0", value, { expected: null });
      const record = await storage.readRecord("jobs/a/0");
      expectBytes(record?.value, value);
      expect(record?.revision).toBe(revision);
    },
  })),
  {
    sentence: "reads the newest value as soon as a write resolves",
    async check(storage) {
      let expected: string | null = null;
      for (let count = 0; count < 20; count += 1) {
        const written = await storage.writeRecord("counter", text(count), { expected });
        expect(await readText(storage, "counter")).toBe(String(count));
        expected = written.revision;
      }
    },
  },
  {
    sentence: "keeps a record whose key leads to another record",
    async check(storage) {
      await storage.writeRecord("batches/x", text("outer"), { expected: null });
      await storage.writeRecord("batches/x/y", text("inner"), { expected: null });
      expect(await readText(storage, "batches/x")).toBe("outer");
      expect(await readText(storage, "batches/x/y")).toBe("inner");
    },
  },
  {
    sentence: "keeps a record and a blob under the same key apart",
    async check(storage) {
      await storage.writeRecord("same", text("record"), { expected: null });
      await storage.writeBlob("same", chunks(text("blob")));
      expect(await readText(storage, "same")).toBe("record");
      expectBytes(await readAll(storage, "same"), text("blob"));
    },
  },
  {
    sentence: "keeps its own copy of a value that the writer changes afterwards",
    async check(storage) {
      // A Buffer as well: its slice() is no copy.
      for (const [key, value] of [
        ["array", Uint8Array.from([1, 2, 3])],
        ["buffer", Buffer.from([1, 2, 3])],
      ] as const) {
        await storage.writeRecord(key, value, { expected: null });
        value.fill(9);
        expectBytes((await storage.readRecord(key))?.value, Uint8Array.from([1, 2, 3]));
      }
    },
  },
  {
    sentence: "hands out a copy of a value, which the reader may change",
    async check(storage) {
      await storage.writeRecord("key", Uint8Array.from([1, 2, 3]), { expected: null });
      (await storage.readRecord("key"))?.value.fill(9);
      expectBytes((await storage.readRecord("key"))?.value, Uint8Array.from([1, 2, 3]));
    },
  },
];
