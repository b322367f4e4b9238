import { readSync } from "node:fs";
import { type IdIndex, idIndex } from "../plan/id-index.js";

/**
 * Where each request's result line lies in a spool file: some 50 bytes a request, whatever the lines
 * hold. Of several results for one request, the first success counts, else the first.
 */
export interface ResultIndex {
  /** How many lines were noted. */
  readonly size: number;
  /** Notes the line of `length` bytes that lies at `offset` in the spool. */
  add(customId: string, length: number, offset: number, isSuccess: boolean): void;
  /** Notes a line that belongs to no request. */
  addStray(length: number, offset: number): void;
  /** The position of the line that counts for the request; almost certain, so compare the ids. */
  find(customId: string): number | undefined;
  isSuccess(position: number): boolean;
  /** The bytes of the line. */
  read(position: number): Buffer;
  /** Notes that a request took the line: what nobody takes is a stray. */
  take(position: number): void;
  /** The positions of all lines that no request took. */
  strays(): Iterable<number>;
}

/** Opens an index over the lines of the file behind `descriptor`. */
export function resultIndex(descriptor: number): ResultIndex {
  const ids: IdIndex = idIndex();
  const offsets: number[] = [];
  const lengths: number[] = [];
  const successes: boolean[] = [];
  const taken: boolean[] = [];
  /** Where a later line counts instead of the first. */
  const better = new Map<number, number>();

  function note(length: number, offset: number, isSuccess: boolean): number {
    lengths.push(length);
    successes.push(isSuccess);
    taken.push(false);
    return offsets.push(offset) - 1;
  }

  return {
    get size() {
      return offsets.length;
    },
    add(customId, length, offset, isSuccess) {
      const position = note(length, offset, isSuccess);
      const first = ids.add(customId, position);
      if (first === undefined || !isSuccess) return;
      const best = better.get(first) ?? first;
      if (!successes[best]) better.set(first, position);
    },
    addStray(length, offset) {
      note(length, offset, false);
    },
    find(customId) {
      const first = ids.get(customId);
      return first === undefined ? undefined : (better.get(first) ?? first);
    },
    isSuccess: (position) => successes[position] ?? false,
    read(position) {
      const bytes = Buffer.allocUnsafe(lengths[position] ?? 0);
      // Synchronous: a line in the page cache takes microseconds, a promise for each many times that.
      for (let read = 0; read < bytes.length; ) {
        const offset = (offsets[position] ?? 0) + read;
        const count = readSync(descriptor, bytes, read, bytes.length - read, offset);
        if (count === 0) throw new Error("The temporary file became shorter.");
        read += count;
      }
      return bytes;
    },
    take(position) {
      taken[position] = true;
    },
    *strays() {
      for (const [position, isTaken] of taken.entries()) if (!isTaken) yield position;
    },
  };
}
