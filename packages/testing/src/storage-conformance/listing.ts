import type { Storage } from "@langbatch/core";
import { expect } from "vitest";
import { chunks } from "./chunks.js";
import { keysOf } from "./read-back.js";
import { hundred } from "./sample-bytes.js";
import type { StorageCheck } from "./storage-check.js";

export const listing: readonly StorageCheck[] = [
  {
    sentence: "lists nothing where nothing is",
    async check(storage) {
      for (const prefix of ["", "jobs/", "jobs/a"]) {
        expect(await keysOf(storage, prefix)).toEqual([]);
      }
    },
  },
  {
    sentence: "lists what starts with the prefix, also where that ends within a segment",
    async check(storage) {
      const keys = ["job", "jobs/a/0", "jobs/a/1", "jobs/ab", "jobs/b/0", "other/jobs/a"];
      for (const key of keys) await storage.writeRecord(key, hundred, { expected: null });
      const expected: Record<string, string[]> = {
        "": keys,
        jo: ["job", "jobs/a/0", "jobs/a/1", "jobs/ab", "jobs/b/0"],
        "jobs/": ["jobs/a/0", "jobs/a/1", "jobs/ab", "jobs/b/0"],
        "jobs/a": ["jobs/a/0", "jobs/a/1", "jobs/ab"],
        "jobs/a/": ["jobs/a/0", "jobs/a/1"],
        "jobs/a/1": ["jobs/a/1"],
        "jobs/a/1/": [],
        jobs_: [],
      };
      for (const [prefix, matching] of Object.entries(expected)) {
        expect(await keysOf(storage, prefix), `the prefix "${prefix}"`).toEqual(matching);
      }
    },
  },
  {
    sentence: "lists records and blobs, and a key once that is both",
    async check(storage) {
      await storage.writeRecord("a/both", hundred, { expected: null });
      await storage.writeRecord("a/record", hundred, { expected: null });
      await storage.writeBlob("a/both", chunks(hundred));
      await storage.writeBlob("a/blob", chunks(hundred));
      expect(await keysOf(storage, "a/")).toEqual(["a/blob", "a/both", "a/record"]);
    },
  },
  {
    sentence: "lists a key that leads to longer keys, and those",
    async check(storage) {
      for (const key of ["a", "a/b", "a/b/c"]) await storage.writeBlob(key, chunks(hundred));
      expect(await keysOf(storage, "a")).toEqual(["a", "a/b", "a/b/c"]);
    },
  },
  {
    sentence: "lists a record once, however often it was written",
    async check(storage) {
      let expected: string | null = null;
      for (let count = 0; count < 5; count += 1) {
        ({ revision: expected } = await storage.writeRecord("key", hundred, { expected }));
      }
      expect(await keysOf(storage, "")).toEqual(["key"]);
    },
  },
  {
    sentence: "lists 1,001 keys, each once",
    async check(storage) {
      const keys = await writeMany(storage, "many/", 1001);
      expect(await keysOf(storage, "many/")).toEqual(keys);
    },
  },
  {
    sentence: "lists every key that nobody touches while others come and go",
    async check(storage) {
      const staying = await writeMany(storage, "run/stay-", 50);
      const leaving = await writeMany(storage, "run/leave-", 50);
      const seen: string[] = [];
      for await (const key of storage.list("run/")) {
        seen.push(key);
        const left = leaving.pop();
        if (left === undefined) continue;
        await storage.remove(left);
        await storage.writeRecord(`run/z/${leaving.length}`, hundred, { expected: null });
      }
      expect(seen.filter((key) => key.startsWith("run/stay-")).sort()).toEqual(staying);
      expect(new Set(seen).size).toBe(seen.length);
    },
  },
];

async function writeMany(storage: Storage, prefix: string, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, n) => `${prefix}${String(n).padStart(4, "0")}`);
  for (let start = 0; start < count; start += 50) {
    await Promise.all(
      names
        .slice(start, start + 50)
        .map((key) => storage.writeRecord(key, hundred, { expected: null })),
    );
  }
  return names;
}
