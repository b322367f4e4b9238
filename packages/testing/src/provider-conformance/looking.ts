import type { Job, JobFailure } from "@langbatch/core";
import { expect } from "vitest";
import { get, list } from "./calls.js";
import { end } from "./end.js";
import { isMadeFrom } from "./is-made-from.js";
import type { ProviderCheck } from "./provider-check.js";
import { submit, submitSeveral } from "./submit.js";
import { beginningOf } from "./test-input.js";

export const looking: readonly ProviderCheck[] = [
  {
    sentence: "yields the jobs that are asked for by their ids, in any order",
    needs: ["service"],
    async check(subject) {
      const ids = await submitSeveral(subject);
      const asked = ids.slice(1).reverse();
      const jobs = await get(subject, asked);
      expect(jobs.map(({ id }) => id).sort()).toEqual(asked.sort());
    },
  },
  {
    sentence: "yields nothing where no id is asked for",
    needs: ["service"],
    async check(subject) {
      await submit(subject);
      expect(await get(subject, [])).toEqual([]);
    },
  },
  {
    sentence: "does not yield a job that it does not know, and yields the others",
    needs: ["service"],
    async check(subject) {
      const { job } = await submit(subject);
      const jobs = await get(subject, [alteredId(job.id), job.id]);
      expect(jobs.map(({ id }) => id)).toEqual([job.id]);
    },
  },
  {
    sentence: "lists a job that was just created, also from the moment of its creation on",
    needs: ["service"],
    async check(subject) {
      const { job } = await submit(subject);
      const listed = await list(subject, { since: job.createdAt });
      expect(listed.map(({ id }) => id)).toEqual([job.id]);
    },
  },
  {
    sentence: "lists a job with the tag or the input it was created with",
    needs: ["service", "search"],
    async check(subject) {
      const { input, uploaded, job } = await submit(subject);
      const [listed] = await list(subject, { since: job.createdAt });
      expect(listed).toSatisfy((found: Job) => isMadeFrom(found, input, uploaded));
    },
  },
  {
    // A tag's last part counts the tries, and a late job of an earlier try must be found, too.
    sentence: "leaves out no job whose tag begins with the one that is asked for",
    needs: ["service"],
    async check(subject) {
      const { input, job } = await submit(subject);
      const listed = await list(subject, { since: job.createdAt, tag: beginningOf(input.tag) });
      expect(listed.map(({ id }) => id)).toContain(job.id);
    },
  },
  {
    sentence: "lists every job",
    needs: ["service"],
    async check(subject) {
      const ids = await submitSeveral(subject);
      const listed = await list(subject, { since: 0 });
      expect(listed.map(({ id }) => id).sort()).toEqual(ids.sort());
    },
  },
  {
    sentence: "says the same of a job when it is created, asked for and listed",
    needs: ["service"],
    async check(subject) {
      const { job } = await submit(subject);
      const [asked] = await get(subject, [job.id]);
      const [listed] = await list(subject, { since: 0 });
      for (const seen of [asked, listed]) {
        const { id, createdAt, tag, inputId, account } = job;
        expect(seen).toMatchObject({ id, createdAt, ...(account !== undefined && { account }) });
        if (tag !== undefined) expect(seen?.tag).toBe(tag);
        if (inputId !== undefined) expect(seen?.inputId).toBe(inputId);
      }
    },
  },
  {
    sentence: "sees that a job is completed",
    async check(subject) {
      const ended = await end(subject, await submit(subject));
      expect(ended.status).toBe("completed");
    },
  },
  {
    sentence: "says of a job that failed as a whole what kind of failure it was, and why",
    needs: ["failNextJob"],
    async check(subject) {
      await subject.failNextJob?.();
      const { status, failure } = await end(subject, await submit(subject));
      expect(status).toBe("failed");
      const kinds: readonly JobFailure["kind"][] = ["input", "quota", "account", "provider"];
      expect(failure?.kind).toBeOneOf([...kinds]);
      expect(failure?.code).toMatch(/./);
      expect(failure?.message).toMatch(/./);
    },
  },
];

/** An id of the same shape that names nothing. */
function alteredId(id: string): string {
  return id.slice(0, -1) + (id.endsWith("0") ? "1" : "0");
}
