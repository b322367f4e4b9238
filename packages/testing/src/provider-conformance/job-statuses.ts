import type { JobStatus } from "@langbatch/core";

/** The states in which a job stays. */
export const endStatuses: readonly JobStatus[] = ["completed", "failed", "expired", "cancelled"];

/** Every state of a job. */
export const jobStatuses: readonly JobStatus[] = [
  ...(["validating", "in_progress", "finalizing", "cancelling"] as const),
  ...endStatuses,
];
