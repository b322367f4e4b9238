import { expect } from "vitest";
import { countTogether } from "./count-together.js";
import { codeOf, expectCode } from "./error-code.js";
import { readText } from "./read-back.js";
import { text } from "./sample-bytes.js";
import type { StorageCheck } from "./storage-check.js";

export const compareAndSwap: readonly StorageCheck[] = [
  {
    sentence: "refuses to create a record that exists",
    async check(storage) {
      await storage.writeRecord("key", text("first"), { expected: null });
      await expectCode("storage_conflict", () =>
        storage.writeRecord("key", text("second"), { expected: null }),
      );
      expect(await readText(storage, "key")).toBe("first");
    },
  },
  {
    sentence: "refuses a revision that is not the newest",
    async check(storage) {
      const first = await storage.writeRecord("key", text("1"), { expected: null });
      const second = await storage.writeRecord("key", text("2"), { expected: first.revision });
      await expectCode("storage_conflict", () =>
        storage.writeRecord("key", text("3"), { expected: first.revision }),
      );
      expect(await readText(storage, "key")).toBe("2");
      await storage.writeRecord("key", text("3"), { expected: second.revision });
    },
  },
  {
    sentence: "gives the same value a new revision each time it is written",
    async check(storage) {
      const first = await storage.writeRecord("key", text("same"), { expected: null });
      const second = await storage.writeRecord("key", text("same"), { expected: first.revision });
      expect(second.revision).not.toBe(first.revision);
      await expectCode("storage_conflict", () =>
        storage.writeRecord("key", text("same"), { expected: first.revision }),
      );
    },
  },
  {
    sentence: "refuses a revision where there is no record",
    async check(storage) {
      const { revision } = await storage.writeRecord("other", text("1"), { expected: null });
      for (const expected of [revision, "", "1", "../other"]) {
        await expectCode("storage_conflict", () =>
          storage.writeRecord("key", text("2"), { expected }),
        );
      }
      expect(await storage.readRecord("key")).toBeUndefined();
    },
  },
  {
    sentence: "never takes a revision from before a removal, also when the record is created again",
    async check(storage) {
      const old: string[] = [];
      for (let round = 0; round < 5; round += 1) {
        const first = await storage.writeRecord("key", text("1"), { expected: null });
        const second = await storage.writeRecord("key", text("2"), { expected: first.revision });
        for (const expected of old) {
          await expectCode("storage_conflict", () =>
            storage.writeRecord("key", text("stale"), { expected }),
          );
        }
        expect(await readText(storage, "key")).toBe("2");
        old.push(first.revision, second.revision);
        await storage.remove("key");
        await expectCode("storage_conflict", () =>
          storage.writeRecord("key", text("stale"), { expected: second.revision }),
        );
        expect(await storage.readRecord("key")).toBeUndefined();
      }
    },
  },
  {
    sentence: "loses no update of 16 writers that add 1 to a counter 25 times each",
    check: (storage) => countTogether(Array.from({ length: 16 }, () => storage)),
  },
  {
    sentence: "lets exactly one of 64 concurrent creators win",
    async check(storage) {
      for (let round = 0; round < 5; round += 1) {
        const key = `race/${round}`;
        const outcomes = await Promise.all(
          Array.from({ length: 64 }, async (_, writer) => {
            const written = storage.writeRecord(key, text(writer), { expected: null });
            return (await codeOf(() => written)) ?? String(writer);
          }),
        );
        const winners = outcomes.filter((outcome) => outcome !== "storage_conflict");
        expect(winners).toHaveLength(1);
        expect(await readText(storage, key)).toBe(winners[0]);
      }
    },
  },
];
