import { type BrokenStorage, mutant } from "./broken-storage.js";

export const brokenRecords: readonly BrokenStorage[] = [
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
    fault: "looks up any key",
    create: mutant((right) => ({
      readRecord: (key) =>
        right.readRecord(key.replace(/[^\w/-]|^$|\/$|\/\/|^\//g, "x").slice(0, 9)),
    })),
    breaks: "refuses in readRecord a key that is not made of safe segments",
  },
];
