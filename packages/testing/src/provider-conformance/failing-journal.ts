import type { Journal } from "@langbatch/core";
import type { TestJournal } from "./test-journal.js";

/** When a journal cannot be written any more, and what it throws then. */
interface JournalFault {
  /** The first append that fails; appends are counted from 1. */
  readonly from: number;
  readonly error: Error;
}

/** A journal that can be read, and written for a while. Of what fails, half is there. */
export function failingJournal(journal: TestJournal, { from, error }: JournalFault): Journal {
  let appends = 0;
  return {
    read: () => journal.read(),
    async append(lines) {
      appends += 1;
      if (appends < from) return journal.append(lines);
      const half = Buffer.from(lines).subarray(0, Math.floor(lines.length / 2));
      await journal.append(half);
      throw error;
    },
  };
}
