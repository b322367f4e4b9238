import { memoryStorage, type Storage } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { describeStorage, storageContract } from "../src/storage-conformance.js";

describeStorage("memoryStorage", {
  create: async () => ({ storage: memoryStorage(), dispose: async () => {} }),
});

/** A memory storage with some methods replaced by wrong ones. */
function mutant(change: (right: Storage) => Partial<Storage>): () => Storage {
  return () => {
    const right = memoryStorage();
    return { ...right, ...change(right) };
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function collect(data: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of data) parts.push(chunk);
  return Buffer.concat(parts);
}

const mutants: readonly {
  readonly fault: string;
  readonly create: () => Storage;
  readonly breaks: string;
}[] = [
  {
    fault: "takes every write, so that the last one wins",
    create: mutant((right) => ({
      async writeRecord(key, value) {
        const current = await right.readRecord(key);
        return right.writeRecord(key, value, { expected: current?.revision ?? null });
      },
    })),
    breaks: "refuses a revision that is not the newest",
  },
  {
    fault: "compares first and writes later",
    create: mutant((right) => ({
      async writeRecord(key, value, { expected }) {
        const before = await right.readRecord(key);
        if ((before?.revision ?? null) !== expected) {
          return right.writeRecord(key, value, { expected });
        }
        await new Promise(setImmediate);
        const now = await right.readRecord(key);
        return right.writeRecord(key, value, { expected: now?.revision ?? null });
      },
    })),
    breaks: "lets exactly one of 64 concurrent creators win",
  },
  {
    fault: "counts revisions anew after a removal",
    create: mutant((right) => {
      const inner = new Map<string, string>();
      const counts = new Map<string, number>();
      return {
        async readRecord(key) {
          const record = await right.readRecord(key);
          return record && { ...record, revision: String(counts.get(key)) };
        },
        async writeRecord(key, value, { expected }) {
          const current = counts.get(key);
          const same = expected === (current === undefined ? null : String(current));
          const { revision } = await right.writeRecord(key, value, {
            expected: same ? (inner.get(key) ?? null) : "stale",
          });
          inner.set(key, revision);
          counts.set(key, (current ?? 0) + 1);
          return { revision: String(counts.get(key)) };
        },
        async remove(key) {
          await right.remove(key);
          inner.delete(key);
          counts.delete(key);
        },
      };
    }),
    breaks: "never takes a revision from before a removal, also when the record is created again",
  },
  {
    fault: "answers a lost race with another code",
    create: mutant((right) => ({
      async writeRecord(key, value, options) {
        const current = await right.readRecord(key);
        if ((current?.revision ?? null) === options.expected) {
          return right.writeRecord(key, value, options);
        }
        throw new Error("412 Precondition Failed");
      },
    })),
    breaks: "refuses to create a record that exists",
  },
  {
    fault: "cuts a value at its first NUL",
    create: mutant((right) => ({
      writeRecord(key, value, options) {
        const end = value.indexOf(0);
        return right.writeRecord(key, end === -1 ? value : value.subarray(0, end), options);
      },
    })),
    breaks: "keeps a value with every byte, NUL included",
  },
  {
    fault: "keeps the writer's array instead of a copy",
    create: mutant((right) => {
      const kept = new Map<string, Uint8Array>();
      return {
        async readRecord(key) {
          const record = await right.readRecord(key);
          return record && { ...record, value: new Uint8Array(kept.get(key) ?? []) };
        },
        async writeRecord(key, value, options) {
          const written = await right.writeRecord(key, value, options);
          kept.set(key, value);
          return written;
        },
      };
    }),
    breaks: "keeps its own copy of a value that the writer changes afterwards",
  },
  {
    fault: "keeps the chunks of a blob without copying them",
    create: mutant((right) => ({
      async writeBlob(key, data) {
        return right.writeBlob(key, once(await collect(data)));
      },
    })),
    breaks: "copies a chunk before it asks for the next, so that producers may use one buffer",
  },
  {
    fault: "shows a blob while it is being written",
    create: mutant((right) => ({
      async writeBlob(key, data) {
        await right.writeBlob(key, once(new Uint8Array()));
        const bytes = await collect(data);
        await right.remove(key);
        return right.writeBlob(key, once(bytes));
      },
    })),
    breaks: "shows nothing of a blob until it is complete",
  },
  {
    fault: "keeps what came before a source broke",
    create: mutant((right) => ({
      async writeBlob(key, data) {
        let failure: unknown;
        async function* untilItBreaks(): AsyncGenerator<Uint8Array> {
          try {
            yield* data;
          } catch (error) {
            failure = error;
          }
        }
        const written = await right.writeBlob(key, untilItBreaks());
        if (failure !== undefined) throw failure;
        return written;
      },
    })),
    breaks: "passes the error of a source on, leaves nothing behind, and keeps the key free",
  },
  {
    fault: "wraps the error of a source",
    create: mutant((right) => ({
      async writeBlob(key, data) {
        try {
          return await right.writeBlob(key, data);
        } catch (error) {
          if (!(error instanceof Error) || error.name === "LangBatchError") throw error;
          throw new Error("could not write", { cause: error });
        }
      },
    })),
    breaks: "passes the error of a source on, leaves nothing behind, and keeps the key free",
  },
  {
    fault: "replaces a blob",
    create: mutant((right) => ({
      async writeBlob(key, data) {
        const bytes = await collect(data);
        await right.remove(key);
        return right.writeBlob(key, once(bytes));
      },
    })),
    breaks: "writes a blob once, and keeps the first",
  },
  {
    fault: "reads up to and including the end of a range",
    create: mutant((right) => ({
      readBlob: (key, range = {}) =>
        right.readBlob(key, range.end === undefined ? range : { ...range, end: range.end + 1 }),
    })),
    breaks: "reads a range: from a start to an end",
  },
  {
    fault: "takes an end of 0 for no end",
    create: mutant((right) => ({
      readBlob: (key, { start = 0, end = 0 } = {}) =>
        right.readBlob(key, end === 0 ? { start } : { start, end }),
    })),
    breaks: "reads a range: nothing where the range is empty at the start",
  },
  {
    fault: "reads a missing blob as an empty one",
    create: mutant((right) => ({
      async *readBlob(key, range) {
        try {
          yield* right.readBlob(key, range);
        } catch (error) {
          if ((error as { code?: string }).code !== "not_found") throw error;
        }
      },
    })),
    breaks: "says that a blob does not exist, whatever the range",
  },
  {
    fault: "reports another hash",
    create: mutant((right) => ({
      async writeBlob(key, data) {
        const { bytes, sha256 } = await right.writeBlob(key, data);
        return { bytes, sha256: sha256.toUpperCase() };
      },
    })),
    breaks: "keeps an empty blob",
  },
  {
    fault: "forgets blobs when it lists",
    create: mutant((right) => ({
      async *list(prefix) {
        for await (const key of right.list(prefix)) if (await right.readRecord(key)) yield key;
      },
    })),
    breaks: "lists records and blobs, and a key once that is both",
  },
  {
    fault: "lists whole segments only",
    create: mutant((right) => ({
      async *list(prefix) {
        for await (const key of right.list(prefix)) {
          const rest = key.slice(prefix.length);
          if (prefix === "" || prefix.endsWith("/") || rest === "" || rest[0] === "/") yield key;
        }
      },
    })),
    breaks: "lists what starts with the prefix, also where that ends within a segment",
  },
  {
    fault: "lists the first page only",
    create: mutant((right) => ({
      async *list(prefix) {
        let count = 0;
        for await (const key of right.list(prefix)) {
          count += 1;
          if (count <= 1000) yield key;
        }
      },
    })),
    breaks: "lists 1,001 keys, each once",
  },
  {
    fault: "skips keys when others leave during a listing",
    create: mutant((right) => ({
      async *list(prefix) {
        for (let position = 0; ; position += 1) {
          const keys: string[] = [];
          for await (const key of right.list(prefix)) keys.push(key);
          const key = keys.sort()[position];
          if (key === undefined) return;
          yield key;
        }
      },
    })),
    breaks: "lists every key that nobody touches while others come and go",
  },
  {
    fault: "complains when it removes nothing",
    create: mutant((right) => ({
      async remove(key) {
        const keys: string[] = [];
        for await (const found of right.list(key)) keys.push(found);
        if (!keys.includes(key)) throw new Error("404 Not Found");
        await right.remove(key);
      },
    })),
    breaks: "removes without complaint what is not there",
  },
  {
    fault: "removes all that starts with the key",
    create: mutant((right) => ({
      async remove(key) {
        await right.remove(key);
        for await (const longer of right.list(key)) await right.remove(longer);
      },
    })),
    breaks: "removes nothing but the key itself",
  },
  {
    fault: "opens a Blob without its last byte",
    create: mutant((right) => ({
      async openBlob(key) {
        const blob = await right.openBlob?.(key);
        if (!blob) return expect.fail("no blob");
        return blob.slice(0, -1);
      },
    })),
    breaks: "opens a blob as a Blob of the same size and bytes",
  },
  {
    fault: "looks up any key",
    create: mutant((right) => ({
      readRecord: (key) =>
        right.readRecord(key.replace(/[^\w/-]|^$|\/$|\/\/|^\//g, "x").slice(0, 9)),
    })),
    breaks: "refuses in readRecord a key that is not made of safe segments",
  },
];

describe("the storage suite", () => {
  it("has one test for each sentence", () => {
    const sentences = storageContract.map(({ sentence }) => sentence);
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  for (const { fault, create, breaks } of mutants) {
    it(`catches a storage that ${fault}`, { timeout: 60_000 }, async () => {
      const check = storageContract.find(({ sentence }) => sentence === breaks)?.check;
      if (!check) return expect.fail(`The suite does not say that a storage ${breaks}.`);
      const outcome = check(create(), async () => expect.fail("nothing to reopen"));
      await expect(outcome).rejects.toThrow();
    });
  }
});
