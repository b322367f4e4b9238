import type { Job } from "@langbatch/core";
import type { ProviderUnderTest } from "./provider-under-test.js";
import { type TestJournal, testJournal } from "./test-journal.js";

const journals = new WeakMap<ProviderUnderTest, Map<string, TestJournal>>();

/** The journal of a job, the same whenever it is asked for. */
export function journalOf(subject: ProviderUnderTest, { id }: Pick<Job, "id">): TestJournal {
  const ofSubject = journals.get(subject) ?? new Map<string, TestJournal>();
  journals.set(subject, ofSubject);
  const journal = ofSubject.get(id) ?? testJournal();
  ofSubject.set(id, journal);
  return journal;
}
