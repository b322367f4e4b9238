import type { Lease } from "../batch/lease.js";
import type { JobFields, JobRecord, SubmittedJob } from "../batch/records.js";
import type { Job } from "../provider/provider.js";
import { keepCertain } from "./kept-fields.js";

/** What becomes of a job that is run in a process of ours. */
export type Leased =
  /** It is run here from now on, and no longer by whoever had the lease `from`. */
  | { readonly came: "leased"; readonly leaseMs: number; readonly from: Lease | undefined }
  /** It is run here still, and has come so far. */
  | { readonly came: "renewed"; readonly job: Job }
  /** It is run here no longer. */
  | { readonly came: "let-go"; readonly job: Job }
  /** It must stop. */
  | { readonly came: "stopped" };

/** The record after what became of the right to run its job. */
export function withLease(job: JobFields & SubmittedJob, outcome: Leased, life: string): JobRecord {
  const { lease, ...rest } = job;
  switch (outcome.came) {
    case "leased":
      return isSame(lease, outcome.from)
        ? { ...rest, lease: { life, beats: 0, leaseMs: outcome.leaseMs } }
        : job;
    case "renewed":
      // Otherwise somebody else has taken this life for dead.
      return lease?.life === life
        ? { ...rest, job: outcome.job, lease: { ...lease, beats: lease.beats + 1 } }
        : job;
    case "let-go":
      return lease?.life === life ? { ...rest, job: outcome.job } : job;
    case "stopped":
      // Who runs it stops once what is on its way is answered; where nobody does, it ends here.
      return lease ? { ...job, cancelSent: true } : cancelled(job);
  }
}

/** Whether a lease is as it was. */
function isSame(lease: Lease | undefined, before: Lease | undefined): boolean {
  return lease?.life === before?.life && lease?.beats === before?.beats;
}

function cancelled(job: JobFields & SubmittedJob): JobRecord {
  const ended: Job = { ...job.job, status: "cancelled", rawStatus: "cancelled" };
  return { ...keepCertain(job), state: "terminal", job: ended, shortReads: 0 };
}
