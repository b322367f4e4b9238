import { type Job, LangBatchError } from "@langbatch/core";
import { expect } from "vitest";
import { cancelled } from "./cancelled.js";
import { collect } from "./collect.js";
import { end } from "./end.js";
import { failingJournal } from "./failing-journal.js";
import { endStatuses } from "./job-statuses.js";
import { journalOf } from "./journal-of.js";
import type { ProviderCheck } from "./provider-check.js";
import type { ProviderUnderTest } from "./provider-under-test.js";
import { answeredIds } from "./result-lines.js";
import { run } from "./run.js";
import { stored } from "./stored.js";
import { type Submitted, submit } from "./submit.js";
import { idsOf, newInput } from "./test-input.js";

/** What a provider makes of a journal that an earlier run has left. */
export const resuming: readonly ProviderCheck[] = [
  {
    sentence: "asks nothing again of which the journal has the answer",
    needs: ["run", "requestsAsked"],
    async check(subject) {
      const submitted = await submit(subject);
      await end(subject, submitted);
      expect(await askedToEnd(subject, submitted)).toBe(0);
    },
  },
  {
    sentence: "goes on from where a run stood whose reader has left",
    needs: ["run"],
    async check(subject) {
      const submitted = await submit(subject);
      let { job } = submitted;
      for (const isEnough of [isAnything, isProgress]) {
        for await (const seen of run(subject, { ...submitted, job: stored(job) })) {
          if (endStatuses.includes(seen.status)) break;
          job = seen;
          if (isEnough(seen)) break;
        }
      }
      await expectToEnd(subject, { ...submitted, job: stored(job) });
    },
  },
  {
    sentence: "goes on from where a run stood that could not write its journal to the end",
    needs: ["run"],
    async check(subject) {
      const submitted = await submit(subject);
      const error = new LangBatchError("storage_failed", "The disk is full.");
      const journal = failingJournal(journalOf(subject, submitted.job), { from: 2, error });
      // One that writes everything at once has ended.
      await collect(run(subject, submitted, { journal })).catch(() => {});
      await expectToEnd(subject, submitted);
    },
  },
  {
    sentence: "reads over broken lines of its journal, and asks again only what they were about",
    needs: ["run", "requestsAsked"],
    async check(subject) {
      const submitted = await submit(subject);
      const { input, job } = submitted;
      await end(subject, submitted);
      const journal = journalOf(subject, job);
      journal.become(torn(journal.bytes));
      const answered = await answeredIds(subject, cancelled(job));
      expect(await askedToEnd(subject, submitted)).toBe(input.requests - answered.length);
    },
  },
  {
    sentence: "takes no line of another job in its journal for an answer to its own requests",
    needs: ["run", "requestsAsked"],
    async check(subject) {
      const other = await submit(subject);
      await end(subject, other);
      const submitted = await submit(subject, await newInput(subject));
      journalOf(subject, submitted.job).become(journalOf(subject, other.job).bytes);
      expect(await askedToEnd(subject, submitted)).toBe(submitted.input.requests);
    },
  },
  {
    sentence: "brings what its journal has of a job that was cancelled while it ran",
    needs: ["run"],
    async check(subject) {
      const submitted = await submit(subject);
      await end(subject, submitted);
      expect(await answeredIds(subject, cancelled(submitted.job))).toEqual(idsOf(submitted.input));
    },
  },
];

/** How many requests are asked until every request of the job has its result. */
async function askedToEnd(subject: ProviderUnderTest, submitted: Submitted): Promise<number> {
  const before = (await subject.requestsAsked?.()) ?? 0;
  await expectToEnd(subject, submitted);
  return ((await subject.requestsAsked?.()) ?? 0) - before;
}

async function expectToEnd(subject: ProviderUnderTest, submitted: Submitted): Promise<void> {
  const ended = await end(subject, submitted);
  expect(ended.status).toBe("completed");
  const answered = await answeredIds(subject, ended);
  expect(idsOf(submitted.input).filter((id) => !answered.includes(id))).toEqual([]);
}

function isAnything(): boolean {
  return true;
}

function isProgress({ counts }: Job): boolean {
  return counts !== undefined && counts.completed + counts.failed > 0;
}

/** A journal whose last line is half there, and with lines that never were any. */
function torn(journal: Buffer): Buffer {
  const lines = journal.toString("utf8").trimEnd().split("\n");
  const last = lines.pop() ?? "";
  const half = last.slice(0, Math.floor(last.length / 2));
  return Buffer.from(["", "{", ...lines, half, "", "null", "[]", ""].join("\n"));
}
