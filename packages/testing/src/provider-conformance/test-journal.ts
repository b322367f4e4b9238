import { setImmediate } from "node:timers/promises";
import type { Journal } from "@langbatch/core";

/** A journal in memory, which may hold what a process left behind that died. */
export interface TestJournal extends Journal {
  /** All that is durable. */
  readonly bytes: Buffer;
  /** Holds this from now on, and nothing else. */
  become(bytes: Uint8Array): void;
}

/** What is read at once: lines are cut anywhere, as files and networks cut them. */
const pieceBytes = 50;

/**
 * An empty journal. It begins each append on a line of its own, as core's does, and takes its time: who
 * does not wait for it finds that the line is not there.
 */
export function testJournal(): TestJournal {
  let bytes: Buffer = Buffer.alloc(0);
  return {
    get bytes() {
      return bytes;
    },
    become(others) {
      bytes = Buffer.from(others);
    },
    async *read() {
      const all = bytes;
      for (let start = 0; start < all.length; start += pieceBytes) {
        yield all.subarray(start, start + pieceBytes);
      }
    },
    async append(lines) {
      const own = Buffer.from(lines);
      await setImmediate();
      bytes = Buffer.concat([bytes, Buffer.from("\n"), own]);
    },
  };
}
