import { createHash } from "node:crypto";
import { LangBatchError, type Storage } from "@langbatch/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** A storage to prove. */
export interface StorageUnderTest {
  /** Empty, and shared with nobody. */
  readonly storage: Storage;
  /** Called after the test: deletes what the storage kept. */
  dispose(): Promise<void>;
  /**
   * Opens the same storage once more, as another process would. Leave it out where nothing outlives
   * the first handle: the checks that need it are then skipped.
   */
  reopen?(): Promise<Storage>;
}

/** What {@link describeStorage} needs to know. */
export interface StorageSuiteOptions {
  /** Makes a fresh storage; called before each test. */
  create(): Promise<StorageUnderTest>;
}

/**
 * Declares one Vitest test for each sentence of the {@link Storage} contract. A storage that passes
 * them all may hold batches that cost money. Methods and handles that a storage does not offer are
 * reported as skipped. Give a remote storage an emulator: some tests write a thousand records.
 */
export function describeStorage(name: string, options: StorageSuiteOptions): void {
  describe(name, { timeout: 120_000 }, () => {
    let subject: StorageUnderTest;

    beforeEach(async () => {
      subject = await options.create();
    });

    afterEach(async () => {
      await subject.dispose();
    });

    for (const { sentence, needs, check } of storageContract) {
      it(sentence, async ({ skip }) => {
        const { storage } = subject;
        const offered = needs === "reopen" ? subject.reopen : needs && storage[needs];
        if (needs && !offered) skip(`the storage offers no ${needs}`);
        await check(storage, () => required(subject.reopen, "reopen").call(subject));
      });
    }
  });
}

/**
 * One promise of the contract; `check` rejects where the storage breaks it.
 *
 * @internal
 */
export interface StorageCheck {
  readonly sentence: string;
  readonly needs?: "openBlob" | "append" | "reopen";
  readonly check: (storage: Storage, reopen: () => Promise<Storage>) => Promise<void>;
}

const everyByte: Uint8Array = Uint8Array.from({ length: 256 }, (_, value) => value);
const hundred: Uint8Array = everyByte.slice(100, 200);

const values: readonly StorageCheck[] = [
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

const compareAndSwap: readonly StorageCheck[] = [
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

const blobs: readonly StorageCheck[] = [
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

const listing: readonly StorageCheck[] = [
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

const removal: readonly StorageCheck[] = [
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

const keys: readonly StorageCheck[] = [
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

const secondHandle: readonly StorageCheck[] = [
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

/**
 * The whole contract, for tests of the suite itself.
 *
 * @internal
 */
export const storageContract: readonly StorageCheck[] = [
  ...values,
  ...compareAndSwap,
  ...blobs,
  ...listing,
  ...removal,
  ...keys,
  ...secondHandle,
];

/** Each of the handles adds 1 to the same record 25 times. */
async function countTogether(handles: readonly Storage[]): Promise<void> {
  await Promise.all(
    handles.map(async (storage) => {
      for (let count = 0; count < 25; count += 1) await addOne(storage);
    }),
  );
  expect(await readText(handles[0] as Storage, "counter")).toBe(String(handles.length * 25));
}

async function addOne(storage: Storage): Promise<void> {
  // Each refusal means that somebody else got on, so a right storage needs far fewer attempts.
  for (let attempt = 0; attempt < 10_000; attempt += 1) {
    const record = await storage.readRecord("counter");
    const value = text(Number(record ? Buffer.from(record.value).toString() : 0) + 1);
    const expected = record?.revision ?? null;
    const code = await codeOf(() => storage.writeRecord("counter", value, { expected }));
    if (code === undefined) return;
    expect(code).toBe("storage_conflict");
  }
  expect.fail("A writer was refused 10,000 times.");
}

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

/** The code of the LangBatchError that `work` fails with; any other error is thrown. */
async function codeOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (LangBatchError.is(error)) return error.code;
    throw error;
  }
}

async function expectCode(code: string, work: () => Promise<unknown>): Promise<void> {
  expect(await codeOf(work), "the code of the error").toBe(code);
}

/** Compared by hand where they are equal: printing a megabyte of bytes takes seconds. */
function expectBytes(actual: Uint8Array | undefined, expected: Uint8Array): void {
  if (actual && Buffer.compare(actual, expected) === 0) return;
  expect(actual && { bytes: actual.length, sha256: sha256(actual) }).toEqual({
    bytes: expected.length,
    sha256: sha256(expected),
  });
}

async function readText(storage: Storage, key: string): Promise<string | undefined> {
  const record = await storage.readRecord(key);
  return record && Buffer.from(record.value).toString();
}

async function readAll(
  storage: Storage,
  key: string,
  range?: { readonly start?: number; readonly end?: number },
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of storage.readBlob(key, range)) parts.push(chunk);
  return Buffer.concat(parts);
}

async function keysOf(storage: Storage, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const key of storage.list(prefix)) found.push(key);
  return found.sort();
}

async function* chunks(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

/** Chunks of 1 byte, of none, and of ever more up to the whole rest. */
async function* oddChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (let size = 1; start < bytes.length; size = size * 3 + 1) {
    yield bytes.subarray(start, start + size);
    yield new Uint8Array();
    start += size;
  }
}

function pattern(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) bytes[index] = (index * 31 + (index >> 8)) % 256;
  return bytes;
}

function text(value: string | number): Uint8Array {
  return new TextEncoder().encode(String(value));
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function required<T>(method: T | undefined, name: string): T {
  if (method === undefined) throw new Error(`The storage offers no ${name}.`);
  return method;
}
