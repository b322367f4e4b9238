import { expect } from "vitest";
import { chunks } from "./chunks.js";
import { expectCode } from "./error-code.js";
import { expectBytes } from "./expect-bytes.js";
import { keysOf, readAll, readText } from "./read-back.js";
import { hundred, text } from "./sample-bytes.js";
import type { StorageCheck } from "./storage-check.js";

export const removal: readonly StorageCheck[] = [
  {
    sentence: "removes a record, and lets it be created again",
    async check(storage) {
      await storage.writeRecord("a/key", text("1"), { expected: null });
      await storage.remove("a/key");
      expect(await storage.readRecord("a/key")).toBeUndefined();
      expect(await keysOf(storage, "")).toEqual([]);
      await storage.writeRecord("a/key", text("2"), { expected: null });
      expect(await readText(storage, "a/key")).toBe("2");
    },
  },
  {
    sentence: "removes a blob, and lets it be written again",
    async check(storage) {
      await storage.writeBlob("a/key", chunks(text("1")));
      await storage.remove("a/key");
      await expectCode("not_found", () => readAll(storage, "a/key"));
      expect(await keysOf(storage, "")).toEqual([]);
      await storage.writeBlob("a/key", chunks(text("2")));
      expectBytes(await readAll(storage, "a/key"), text("2"));
    },
  },
  {
    sentence: "removes a record and a blob of the same key together",
    async check(storage) {
      await storage.writeRecord("key", hundred, { expected: null });
      await storage.writeBlob("key", chunks(hundred));
      await storage.remove("key");
      expect(await keysOf(storage, "")).toEqual([]);
    },
  },
  {
    sentence: "removes without complaint what is not there",
    async check(storage) {
      await storage.remove("never/written");
      await storage.writeRecord("key", hundred, { expected: null });
      await storage.remove("key");
      await storage.remove("key");
    },
  },
  {
    sentence: "removes nothing but the key itself",
    async check(storage) {
      const others = ["a", "a/b/c", "a/bc"];
      for (const key of [...others, "a/b"]) {
        await storage.writeRecord(key, hundred, { expected: null });
      }
      await storage.remove("a/b");
      expect(await keysOf(storage, "")).toEqual(others);
    },
  },
  {
    sentence: "lets writers work in a place that others are just emptying",
    async check(storage) {
      await Promise.all(
        Array.from({ length: 8 }, async (_, writer) => {
          for (let round = 0; round < 10; round += 1) {
            const key = `busy/place/${writer}`;
            await storage.writeRecord(key, text(round), { expected: null });
            expect(await readText(storage, key)).toBe(String(round));
            await storage.remove(key);
          }
        }),
      );
      expect(await keysOf(storage, "")).toEqual([]);
    },
  },
];
