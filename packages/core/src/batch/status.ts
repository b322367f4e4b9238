import type { Shard } from "../engine/context.js";
import { isTerminal } from "../engine/evolve.js";
import type { Job, JobStatus } from "../provider/provider.js";
import { type BatchRecord, isHome, type JobRecord, type OutcomeCounts } from "./records.js";

/** Where a batch stands, in OpenAI's words; `created` before `start`. */
export type BatchStatus = "created" | JobStatus;

/** How many of a batch's requests stand where. They add up to `total`. */
export interface RequestCounts {
  readonly total: number;
  readonly succeeded: number;
  /** Ended without a success: failed, expired, cancelled or missing. */
  readonly unsuccessful: number;
  readonly pending: number;
}

/** What the fold needs of one shard. */
export interface ShardState {
  readonly round: number;
  readonly requests: number;
  readonly job: JobRecord;
  /** What the provider says just now, where it was asked: newer than the record. */
  readonly seen?: Job | undefined;
}

/** What one look at a batch shows. */
export interface Look {
  readonly status: BatchStatus;
  readonly counts: RequestCounts;
}

/** Folds what is known of a batch's jobs, in the order of its shards. */
export function look(
  batch: Pick<BatchRecord, "startedAt" | "cancelRequestedAt">,
  shards: readonly Shard[],
  jobs: readonly JobRecord[],
  seen: ReadonlyMap<Shard, Job> = new Map(),
): Look {
  const states = shards.flatMap((shard, at) => {
    const job = jobs[at];
    const { round, requests } = shard;
    return job ? [{ round, requests, job, seen: seen.get(shard) }] : [];
  });
  return { status: batchStatus(batch, states), counts: requestCounts(states) };
}

/** Whether the provider has nothing more to do for a job, or never will. */
export function hasEnded(job: JobRecord): boolean {
  return job.state === "terminal" || isSettled(job);
}

/** Whether every request of a job has its result, or will never be sent. */
export function isSettled(job: JobRecord): boolean {
  return isHome(job) || job.state === "rejected" || isCancelledUnsent(job);
}

/** The batch's status, folded from its jobs. */
export function batchStatus(
  batch: Pick<BatchRecord, "startedAt" | "cancelRequestedAt">,
  shards: readonly ShardState[],
): BatchStatus {
  if (batch.startedAt === undefined) return "created";
  const ends = shards.map(endOf);
  const live = ends.filter((end) => !isTerminal(end));
  const isCancelled = batch.cancelRequestedAt !== undefined;
  if (live.length > 0 || shards.length === 0) {
    if (isCancelled) return "cancelling";
    if (live.every((end) => end === "validating")) return "validating";
    return live.every((end) => end === "finalizing") ? "finalizing" : "in_progress";
  }
  if (ends.every((end) => end === "failed")) return "failed";
  // A later round asked again for all that earlier ones left open, so the last one has the last word.
  const lastRound = Math.max(...shards.map(({ round }) => round));
  const open = shards.filter(({ round }) => round === lastRound).map(withoutAnswer);
  if (open.every((counts) => counts.expired + counts.cancelled + counts.missing === 0)) {
    return "completed";
  }
  if (isCancelled) return "cancelled";
  return open.some(({ expired }) => expired > 0) ? "expired" : "failed";
}

/** A job's own state in OpenAI's words; what is not at the provider yet is `validating`. */
function endOf({ job, seen }: ShardState): JobStatus {
  switch (job.state) {
    case "submitted":
      return seen?.status ?? job.job.status;
    case "terminal":
    case "collected":
    case "cleaned":
      return job.job.status;
    case "rejected":
      return "failed";
    case "planned":
    case "uploaded":
      return job.cancelRequested ? "cancelled" : "validating";
    default:
      return "validating";
  }
}

/** Until a job is collected, its own state stands for its requests. */
function withoutAnswer(
  shard: ShardState,
): Pick<OutcomeCounts, "expired" | "cancelled" | "missing"> {
  if (isHome(shard.job)) return shard.job.results.counts;
  const end = endOf(shard);
  return {
    expired: end === "expired" ? shard.requests : 0,
    cancelled: end === "cancelled" ? shard.requests : 0,
    missing: 0,
  };
}

/**
 * How many requests stand where, by what is home; for a job that runs, by what the provider says,
 * which may be wrong until then.
 */
export function requestCounts(shards: readonly ShardState[]): RequestCounts {
  if (shards.length === 0) return { total: 0, succeeded: 0, unsuccessful: 0, pending: 0 };
  const firstRound = Math.min(...shards.map(({ round }) => round));
  const lastRound = Math.max(...shards.map(({ round }) => round));
  let total = 0;
  let succeeded = 0;
  let unsuccessful = 0;
  for (const shard of shards) {
    const counted = countsOf(shard);
    if (shard.round === firstRound) total += shard.requests;
    succeeded += counted.succeeded;
    // What failed in an earlier round is pending or settled in the last one.
    if (shard.round === lastRound) unsuccessful += counted.unsuccessful;
  }
  return { total, succeeded, unsuccessful, pending: total - succeeded - unsuccessful };
}

function countsOf({
  job,
  requests,
  seen,
}: ShardState): Pick<RequestCounts, "succeeded" | "unsuccessful"> {
  if (isHome(job)) {
    const { succeeded } = job.results.counts;
    return { succeeded, unsuccessful: requests - succeeded };
  }
  if (job.state === "rejected" || isCancelledUnsent(job)) {
    return { succeeded: 0, unsuccessful: requests };
  }
  const { counts } = seen ?? (job.state === "terminal" ? job.job : {});
  const succeeded = Math.min(counts?.completed ?? 0, requests);
  return { succeeded, unsuccessful: Math.min(counts?.failed ?? 0, requests - succeeded) };
}

function isCancelledUnsent(job: JobRecord): boolean {
  return job.cancelRequested === true && (job.state === "planned" || job.state === "uploaded");
}
