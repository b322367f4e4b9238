import type { Job } from "@langbatch/core";
import { expect } from "vitest";
import { get } from "./calls.js";
import { collect } from "./collect.js";
import { endStatuses } from "./job-statuses.js";
import type { ProviderUnderTest } from "./provider-under-test.js";
import { required } from "./required.js";
import { run } from "./run.js";
import type { Submitted } from "./submit.js";

/** The job at its end: it is run where the provider leaves that to us, and waited for elsewhere. */
export async function end(
  subject: ProviderUnderTest,
  submitted: Pick<Submitted, "input" | "job">,
): Promise<Job> {
  const seen = subject.provider.run
    ? await collect(run(subject, submitted))
    : await waitFor(subject, submitted.job);
  const ended = required(seen.at(-1));
  expect(ended.status).toBeOneOf([...endStatuses]);
  return ended;
}

async function waitFor(subject: ProviderUnderTest, { id }: Job): Promise<Job[]> {
  await subject.finish();
  return get(subject, [id]);
}
