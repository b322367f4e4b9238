import { expect } from "vitest";
import { chunks } from "./chunks.js";
import { countTogether } from "./count-together.js";
import { expectCode } from "./error-code.js";
import { expectBytes } from "./expect-bytes.js";
import { keysOf, readAll, readText } from "./read-back.js";
import { hundred, text } from "./sample-bytes.js";
import type { StorageCheck } from "./storage-check.js";

export const secondHandle: readonly StorageCheck[] = [
  {
    sentence: "shows a second handle what was written and removed through the first",
    needs: "reopen",
    async check(storage, reopen) {
      await storage.writeRecord("a/record", text("1"), { expected: null });
      await storage.writeBlob("a/blob", chunks(hundred));
      const second = await reopen();
      expect(await readText(second, "a/record")).toBe("1");
      expectBytes(await readAll(second, "a/blob"), hundred);
      expect(await keysOf(second, "")).toEqual(["a/blob", "a/record"]);
      await storage.remove("a/record");
      expect(await second.readRecord("a/record")).toBeUndefined();
      expect(await keysOf(second, "")).toEqual(["a/blob"]);
    },
  },
  {
    sentence: "refuses a revision that another handle has replaced, or removed and created again",
    needs: "reopen",
    async check(storage, reopen) {
      const second = await reopen();
      const old = await storage.writeRecord("key", text("1"), { expected: null });
      const { revision } = await second.writeRecord("key", text("2"), { expected: old.revision });
      await expectCode("storage_conflict", () =>
        storage.writeRecord("key", text("stale"), { expected: old.revision }),
      );
      await second.remove("key");
      await second.writeRecord("key", text("3"), { expected: null });
      for (const expected of [old.revision, revision]) {
        await expectCode("storage_conflict", () =>
          storage.writeRecord("key", text("stale"), { expected }),
        );
      }
      expect(await readText(storage, "key")).toBe("3");
    },
  },
  {
    sentence: "loses no update of writers that use two handles",
    needs: "reopen",
    async check(storage, reopen) {
      const second = await reopen();
      await countTogether(Array.from({ length: 8 }, (_, n) => (n % 2 ? second : storage)));
    },
  },
];
