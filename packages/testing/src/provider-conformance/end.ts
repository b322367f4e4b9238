import type { Job, Journal } from "@langbatch/core";
import { expect } from "vitest";
import { contextOf, get } from "./calls.js";
import { collect } from "./collect.js";
import { endStatuses } from "./job-statuses.js";
import type { ProviderUnderTest } from "./provider-under-test.js";
import { required } from "./required.js";
import type { Submitted } from "./submit.js";

/** The job at its end. */
export async function end(subject: ProviderUnderTest, { input, job }: Submitted): Promise<Job> {
  await subject.finish();
  const { provider } = subject;
  const seen = provider.run
    ? await collect(provider.run(job, input, memoryJournal(), contextOf(subject)))
    : await get(subject, [job.id]);
  const ended = required(seen.at(-1));
  expect(ended.status).toBeOneOf([...endStatuses]);
  return ended;
}

function memoryJournal(): Journal {
  const written: Uint8Array[] = [];
  return {
    async *read() {
      yield* written;
    },
    async append(data) {
      written.push(data.slice());
    },
  };
}
