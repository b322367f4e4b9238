import type { Job } from "@langbatch/core";

/** The job as core gives it where it was cancelled while it ran. */
export function cancelled(job: Job): Job {
  return { ...job, status: "cancelled", rawStatus: "cancelled" };
}
