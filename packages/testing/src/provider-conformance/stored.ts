import type { Job } from "@langbatch/core";

/** The job as another process reads it from the storage. */
export function stored(job: Job): Job {
  return JSON.parse(JSON.stringify(job));
}
