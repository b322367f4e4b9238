import { type Job, type Journal, LangBatchError } from "@langbatch/core";
import { expect } from "vitest";
import { contextOf } from "./calls.js";
import { cancelled } from "./cancelled.js";
import { collect } from "./collect.js";
import { end } from "./end.js";
import { expectPlainJson } from "./expect-plain-json.js";
import { failingJournal } from "./failing-journal.js";
import { endStatuses } from "./job-statuses.js";
import { journalOf } from "./journal-of.js";
import type { ProviderCheck } from "./provider-check.js";
import { resultIds } from "./result-lines.js";
import { run } from "./run.js";
import { submit } from "./submit.js";
import { newInput } from "./test-input.js";
import { codeOf, expectLangBatchError, thrownBy } from "./thrown.js";

/** More than anybody has on the way before the first of them is kept. */
const manyRequests = 200;

/** What a provider does that runs jobs in this process. */
export const running: readonly ProviderCheck[] = [
  {
    sentence: "names the same job for the same input, and asks nothing while it only names it",
    needs: ["run", "requestsAsked"],
    async check(subject) {
      const { input, uploaded, job } = await submit(subject);
      const again = await subject.provider.create({ ...input }, uploaded, contextOf(subject));
      expect(again.id).toBe(job.id);
      for (const { status } of [job, again]) expect(endStatuses).not.toContain(status);
      expect(await subject.requestsAsked?.()).toBe(0);
    },
  },
  {
    sentence: "asks every request once",
    needs: ["run", "requestsAsked"],
    async check(subject) {
      const submitted = await submit(subject);
      await end(subject, submitted);
      expect(await subject.requestsAsked?.()).toBe(submitted.input.requests);
    },
  },
  {
    sentence: "yields the job that it runs and no other, as plain JSON, and its end last",
    needs: ["run"],
    async check(subject) {
      const submitted = await submit(subject);
      const { id, createdAt, tag } = submitted.job;
      const seen = await collect(run(subject, submitted));
      for (const job of seen) {
        expectPlainJson(job);
        expect(job).toMatchObject({ id, createdAt, ...(tag !== undefined && { tag }) });
      }
      expect(seen.findIndex(({ status }) => endStatuses.includes(status))).toBe(seen.length - 1);
    },
  },
  {
    sentence: "counts in its last word every request, also those that an earlier run has answered",
    needs: ["run"],
    async check(subject) {
      const submitted = await submit(subject);
      const total = submitted.input.requests;
      for (const { counts } of [await end(subject, submitted), await end(subject, submitted)]) {
        expect(counts?.total).toBe(total);
        expect(doneOf(counts)).toBe(total);
      }
    },
  },
  {
    sentence: "stops with the signal's reason while it runs, and leaves whole lines in its journal",
    needs: ["run"],
    async check(subject) {
      const submitted = await submit(subject, await newInput(subject, manyRequests));
      const { input, job } = submitted;
      const own = journalOf(subject, job);
      const reason = new Error("The caller has stopped waiting.");
      const stop = new AbortController();
      const appended: string[] = [];
      let askedByThen: number | undefined;
      const journal: Journal = {
        read: () => own.read(),
        async append(lines) {
          appended.push(Buffer.from(lines).toString("utf8"));
          askedByThen ??= (await subject.requestsAsked?.()) ?? 0;
          stop.abort(reason);
          await own.append(lines);
        },
      };
      const work = collect(run(subject, submitted, { journal, signal: stop.signal }));
      const error = await work.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      // One that had asked them all had nothing left to stop.
      const mayHaveEnded = error === undefined && askedByThen === input.requests;
      if (!mayHaveEnded) expect(error).toBe(reason);
      for (const lines of appended) expect(lines).toMatch(/\n$/);
      for (const id of await resultIds(subject, cancelled(job))) {
        expect(input.wireIds).toContain(id);
      }
    },
  },
  {
    sentence: "passes on the error of a journal that cannot be written",
    needs: ["run"],
    async check(subject) {
      const submitted = await submit(subject);
      const full = new LangBatchError("storage_failed", "The disk is full.");
      const journal = failingJournal(journalOf(subject, submitted.job), { from: 1, error: full });
      const error = await thrownBy(() => collect(run(subject, submitted, { journal })));
      expect(codeOf(error)).toBe("storage_failed");
    },
  },
  {
    sentence:
      "throws a LangBatchError from run where the service does not answer, to try again later",
    needs: ["run", "cutOff"],
    async check(subject) {
      const submitted = await submit(subject);
      await subject.cutOff?.();
      const error = await thrownBy(() => collect(run(subject, submitted)));
      expectLangBatchError(error);
      expect(error).toMatchObject({ retryable: true });
      if (subject.secret !== undefined) expect(String(error)).not.toContain(subject.secret);
    },
  },
];

function doneOf(counts: Job["counts"]): number {
  return counts ? counts.completed + counts.failed : 0;
}
