import { expect } from "vitest";
import { chunks } from "./chunks.js";
import { expectCode } from "./error-code.js";
import { expectBytes } from "./expect-bytes.js";
import { keysOf, readAll } from "./read-back.js";
import { required } from "./required.js";
import { hundred, pattern, text } from "./sample-bytes.js";
import type { StorageCheck } from "./storage-check.js";

export const optionalMethods: readonly StorageCheck[] = [
  {
    sentence: "opens a blob as a Blob of the same size and bytes",
    needs: "openBlob",
    async check(storage) {
      for (const [key, bytes] of [
        ["files/a", pattern(1_500_000)],
        ["files/b", new Uint8Array()],
      ] as const) {
        await storage.writeBlob(key, chunks(bytes));
        const blob = await required(storage.openBlob, "openBlob").call(storage, key);
        expect(blob.size).toBe(bytes.length);
        expectBytes(new Uint8Array(await blob.arrayBuffer()), bytes);
      }
    },
  },
  {
    sentence: "says that a blob to open does not exist",
    needs: "openBlob",
    async check(storage) {
      await expectCode("not_found", async () => storage.openBlob?.("files/a"));
    },
  },
  {
    sentence: "appends to a journal, which need not exist before",
    needs: "append",
    async check(storage) {
      for (const part of ["one\n", "", "two\n"]) await storage.append?.("journal", text(part));
      expectBytes(await readAll(storage, "journal"), text("one\ntwo\n"));
      expectBytes(await readAll(storage, "journal", { start: 4 }), text("two\n"));
      expect(await keysOf(storage, "")).toEqual(["journal"]);
      await expectCode("storage_conflict", () => storage.writeBlob("journal", chunks(hundred)));
    },
  },
  {
    sentence: "keeps every append of 16 concurrent writers whole",
    needs: "append",
    async check(storage) {
      const lines = Array.from({ length: 64 }, (_, line) => `${String(line).repeat(500)}\n`);
      await Promise.all(lines.map((line) => storage.append?.("journal", text(line))));
      const journal = Buffer.from(await readAll(storage, "journal")).toString();
      expect(journal.match(/.*\n/g)?.sort()).toEqual(lines.sort());
    },
  },
];
