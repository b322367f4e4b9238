import type { Job } from "@langbatch/core";
import { get, list } from "./calls.js";
import { collect } from "./collect.js";
import type { ProviderUnderTest } from "./provider-under-test.js";
import { run } from "./run.js";
import type { Submitted } from "./submit.js";

/** A job wherever the provider speaks of it: when it is created, and asked for and listed, or run. */
export async function jobsSeen(subject: ProviderUnderTest, submitted: Submitted): Promise<Job[]> {
  const { job } = submitted;
  if (subject.provider.run) return [job, ...(await collect(run(subject, submitted)))];
  return [job, ...(await get(subject, [job.id])), ...(await list(subject, { since: 0 }))];
}
