import { expect } from "vitest";
import { contextOf, list, upload } from "./calls.js";
import { end } from "./end.js";
import { expectPlainJson } from "./expect-plain-json.js";
import { isMadeFrom } from "./is-made-from.js";
import { jobStatuses } from "./job-statuses.js";
import { jobsSeen } from "./jobs-seen.js";
import type { ProviderCheck } from "./provider-check.js";
import { required } from "./required.js";
import { resultIds } from "./result-lines.js";
import { submit, submitInVain } from "./submit.js";
import { beginningOf, idsOf, newInput } from "./test-input.js";
import { codeOf } from "./thrown.js";

export const creation: readonly ProviderCheck[] = [
  {
    sentence: "takes the same input twice, and creates nothing while it only takes it",
    needs: ["upload"],
    async check(subject) {
      const input = await newInput(subject);
      for (let count = 0; count < 2; count += 1) {
        const uploaded = await upload(subject, input);
        expect(uploaded?.id).toMatch(/./);
        expectPlainJson(uploaded);
      }
      if (subject.jobsCreated) expect(await subject.jobsCreated()).toBe(0);
    },
  },
  {
    sentence: "creates exactly one job",
    needs: ["service", "jobsCreated"],
    async check(subject) {
      await submit(subject);
      expect(await subject.jobsCreated?.()).toBe(1);
    },
  },
  {
    sentence: "gives back the new job with its id, its status and the provider's word for it",
    async check(subject) {
      const { job } = await submit(subject);
      expect(job.id).toMatch(/./);
      expect(job.status).toBeOneOf([...jobStatuses]);
      expect(job.rawStatus).toMatch(/./);
    },
  },
  {
    sentence: "tells in milliseconds, not in seconds, when the job was created",
    async check(subject) {
      const { job } = await submit(subject);
      // Seconds stay below for the next thousand years.
      expect(job.createdAt).toBeGreaterThan(100_000_000_000);
    },
  },
  {
    sentence: "gives back no other tag and no other input than the job was created with",
    async check(subject) {
      const { input, uploaded, job } = await submit(subject);
      expect(job.tag ?? input.tag).toBe(input.tag);
      expect(job.inputId ?? uploaded?.id).toBe(uploaded?.id);
    },
  },
  {
    sentence: "names no other endpoint than the one the job asks",
    async check(subject) {
      for (const { endpoint } of await jobsSeen(subject, await submit(subject))) {
        expect(endpoint ?? subject.endpoint).toBe(subject.endpoint);
      }
    },
  },
  {
    sentence: "gives back jobs that are plain JSON, so that storing them loses nothing",
    async check(subject) {
      const submitted = await submit(subject);
      expectPlainJson(submitted.job);
      expectPlainJson(await end(subject, submitted));
    },
  },
  {
    sentence: "gives two jobs of the same input two ids",
    async check(subject) {
      const first = await submit(subject);
      const second = await submit(subject, await newInput(subject));
      expect(second.job.id).not.toBe(first.job.id);
    },
  },
  {
    sentence: "sends a create once although its answer is lost, and does not claim to be refused",
    needs: ["service", "failNextCreate", "jobsCreated"],
    async check(subject) {
      const { error } = await submitInVain(subject, "answer-lost");
      expect(codeOf(error)).not.toBeOneOf(["rejected", "quota"]);
      expect(await subject.jobsCreated?.()).toBe(1);
    },
  },
  {
    sentence: "shows in its list the job of a create whose answer was lost, with its tag or input",
    needs: ["service", "failNextCreate", "search"],
    async check(subject) {
      const { input, uploaded } = await submitInVain(subject, "answer-lost");
      const listed = await list(subject, { since: 0, tag: beginningOf(input.tag) });
      expect(listed.filter((job) => isMadeFrom(job, input, uploaded))).toHaveLength(1);
    },
  },
  {
    sentence: "lists the job of a create whose answer was lost, and its results tell whose it is",
    needs: ["service", "failNextCreate", "content"],
    async check(subject) {
      const { input } = await submitInVain(subject, "answer-lost");
      await subject.finish();
      const [job, ...others] = await list(subject, { since: 0 });
      expect(others).toEqual([]);
      expect(job?.requests ?? input.requests).toBe(input.requests);
      expect((await resultIds(subject, required(job))).sort()).toEqual(idsOf(input));
    },
  },
  {
    sentence: "creates no second job when a create whose answer was lost is repeated",
    needs: ["service", "failNextCreate", "jobsCreated", "token"],
    async check(subject) {
      const { input, uploaded } = await submitInVain(subject, "answer-lost");
      const job = await subject.provider.create(input, uploaded, contextOf(subject));
      expect(job.id).toMatch(/./);
      expect(await subject.jobsCreated?.()).toBe(1);
    },
  },
  ...(
    [
      { how: "refused", sentence: "says `rejected` where the service said no", code: "rejected" },
      { how: "no-room", sentence: "says `quota` where the service has no room", code: "quota" },
    ] as const
  ).map(
    ({ how, sentence, code }): ProviderCheck => ({
      sentence: `${sentence}, and has created nothing`,
      needs: ["service", "failNextCreate"],
      async check(subject) {
        const { error } = await submitInVain(subject, how);
        expect(codeOf(error)).toBe(code);
        if (subject.jobsCreated) expect(await subject.jobsCreated()).toBe(0);
      },
    }),
  ),
  {
    sentence: "keeps its secret out of the words of a refusal",
    needs: ["service", "failNextCreate", "secret"],
    async check(subject) {
      const { error } = await submitInVain(subject, "refused");
      expect(String(error)).not.toContain(subject.secret);
    },
  },
  {
    sentence: "creates the job when it is asked once more after a refusal",
    needs: ["service", "failNextCreate"],
    async check(subject) {
      const { input, uploaded } = await submitInVain(subject, "no-room");
      const job = await subject.provider.create(input, uploaded, contextOf(subject));
      expect(job.id).toMatch(/./);
    },
  },
];
