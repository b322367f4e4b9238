import type { Storage } from "@langbatch/core";
import { expect } from "vitest";
import { chunks } from "./chunks.js";
import { expectCode } from "./error-code.js";
import { keysOf, readAll } from "./read-back.js";
import { hundred } from "./sample-bytes.js";
import type { StorageCheck } from "./storage-check.js";

const hostileKeys: readonly string[] = [
  "",
  "a/",
  "../x",
  "/x",
  "a/../../x",
  "a//b",
  ".",
  "a\\b",
  "a\0b",
  "x".repeat(5000),
  "%2e%2e/x",
  "C:x",
];

const methods: readonly {
  readonly method: Exclude<keyof Storage, "specVersion">;
  readonly needs?: "openBlob" | "append";
  readonly call: (storage: Storage, key: string) => Promise<unknown>;
}[] = [
  { method: "readRecord", call: (storage, key) => storage.readRecord(key) },
  {
    method: "writeRecord",
    call: (storage, key) => storage.writeRecord(key, hundred, { expected: null }),
  },
  { method: "readBlob", call: readAll },
  { method: "writeBlob", call: (storage, key) => storage.writeBlob(key, chunks(hundred)) },
  { method: "remove", call: (storage, key) => storage.remove(key) },
  {
    method: "openBlob",
    needs: "openBlob",
    call: async (storage, key) => storage.openBlob?.(key),
  },
  {
    method: "append",
    needs: "append",
    call: async (storage, key) => storage.append?.(key, hundred),
  },
];

export const safeKeys: readonly StorageCheck[] = [
  ...methods.map(({ call, method, ...needs }) => ({
    sentence: `refuses in ${method} a key that is not made of safe segments`,
    ...needs,
    async check(storage: Storage) {
      for (const key of hostileKeys) await expectCode("invalid_option", () => call(storage, key));
      expect(await keysOf(storage, "")).toEqual([]);
    },
  })),
  {
    sentence: "refuses in list a prefix that no key can start with",
    async check(storage) {
      for (const prefix of hostileKeys) {
        if (prefix === "" || prefix === "a/") continue;
        await expectCode("invalid_option", () => keysOf(storage, prefix));
      }
    },
  },
];
