import { LangBatchError } from "../errors.js";
import type { Journal } from "../provider/journal.js";
import type { Storage } from "./storage.js";

const lineEnd: Buffer = Buffer.from("\n");

/**
 * The journal at a key: one blob that grows where the storage can append, else a blob for each append,
 * `<key>-<number>`. What is read are all of them, so that a journal may move to another storage.
 *
 * Several processes may append at the same time, and one may have died in the middle of a line: so each
 * append begins a line of its own.
 */
export function openJournal(storage: Storage, key: string): Journal {
  const { append } = storage;
  let next: number | undefined;

  async function* segments(): AsyncGenerator<number> {
    const prefix = `${key}-`;
    for await (const found of storage.list(prefix)) {
      const number = found.slice(prefix.length);
      if (/^\d+$/.test(number)) yield Number(number);
    }
  }

  async function writeSegment(data: Uint8Array): Promise<void> {
    if (next === undefined) {
      next = 0;
      for await (const number of segments()) next = Math.max(next, number + 1);
    }
    for (;;) {
      const number = next;
      next += 1;
      try {
        await storage.writeBlob(`${key}-${number}`, once(data));
        return;
      } catch (error) {
        // Another process was faster with this number.
        if (!LangBatchError.is(error, "storage_conflict")) throw error;
      }
    }
  }

  return {
    async *read() {
      yield* orNothing(storage.readBlob(key));
      const numbers: number[] = [];
      for await (const number of segments()) numbers.push(number);
      for (const number of numbers.toSorted((a, b) => a - b)) {
        yield lineEnd;
        yield* storage.readBlob(`${key}-${number}`);
      }
    },
    async append(lines) {
      const data = Buffer.concat([lineEnd, lines]);
      await (append ? append.call(storage, key, data) : writeSegment(data));
    },
  };
}

/** Removes a journal. Does nothing where there is none. */
export async function removeJournal(storage: Storage, key: string): Promise<void> {
  await storage.remove(key);
  for await (const segment of storage.list(`${key}-`)) await storage.remove(segment);
}

async function* once(data: Uint8Array): AsyncGenerator<Uint8Array> {
  yield data;
}

async function* orNothing(blob: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* blob;
  } catch (error) {
    if (!LangBatchError.is(error, "not_found")) throw error;
  }
}
