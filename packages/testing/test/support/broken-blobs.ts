import { expect } from "vitest";
import { type BrokenStorage, mutant } from "./broken-storage.js";

export const brokenBlobs: readonly BrokenStorage[] = [
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
];

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function collect(data: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of data) parts.push(chunk);
  return Buffer.concat(parts);
}
