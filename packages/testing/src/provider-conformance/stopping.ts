import { expect } from "vitest";
import { contextOf, get, upload } from "./calls.js";
import { end } from "./end.js";
import type { ProviderCheck } from "./provider-check.js";
import { required } from "./required.js";
import { submit } from "./submit.js";
import { newInput } from "./test-input.js";
import { expectLangBatchError, thrownBy } from "./thrown.js";

export const stopping: readonly ProviderCheck[] = [
  {
    sentence: "cancels a job, also one that is being cancelled already, and sees it end",
    needs: ["service"],
    async check(subject) {
      const submitted = await submit(subject);
      await subject.provider.cancel(submitted.job.id, contextOf(subject));
      await subject.provider.cancel(submitted.job.id, contextOf(subject));
      await end(subject, submitted);
    },
  },
  {
    sentence: "does not mind cancelling a job that has ended, which stays as it is",
    needs: ["service"],
    async check(subject) {
      const { id } = await end(subject, await submit(subject));
      await subject.provider.cancel(id, contextOf(subject));
      const [seen] = await get(subject, [id]);
      expect(seen?.status).toBe("completed");
    },
  },
  {
    sentence: "discards an input, and does not mind that it is gone already",
    needs: ["upload", "discard"],
    async check(subject) {
      const uploaded = required(await upload(subject, await newInput(subject)));
      await subject.provider.discard?.(uploaded, contextOf(subject));
      await subject.provider.discard?.(uploaded, contextOf(subject));
    },
  },
  {
    sentence: "creates no job from an input that was discarded",
    needs: ["service", "upload", "discard", "jobsCreated"],
    async check(subject) {
      const input = await newInput(subject);
      const uploaded = required(await upload(subject, input));
      await subject.provider.discard?.(uploaded, contextOf(subject));
      const created = subject.provider.create(input, uploaded, contextOf(subject));
      expectLangBatchError(await thrownBy(() => created));
      expect(await subject.jobsCreated?.()).toBe(0);
    },
  },
];
