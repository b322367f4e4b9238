import type { Shard } from "../engine/context.js";
import { isTerminal } from "../engine/evolve.js";
import { hadNoRoom } from "../engine/room.js";
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
export interface FoldedShard {
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
  return (job.state === "terminal" && !hadNoRoom(job.job)) || isSettled(job);
}

/** Whether every request of a job has its result, or will never be sent. */
export function isSettled(job: JobRecord): boolean {
  return isHome(job) || job.state === "rejected" || isCancelledUnsent(job);
}

/** The batch's status, folded from its jobs: those of all rounds, oldest first. */
export function batchStatus(
  batch: Pick<BatchRecord, "startedAt" | "cancelRequestedAt">,
  shards: readonly FoldedShard[],
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
  // A later round asked again for all that earlier ones left unanswered: the last one has the last word.
  const lastRound = shards.at(-1)?.round;
  const open = shards.filter(({ round }) => round === lastRound).map(withoutAnswer);
  if (open.every((counts) => counts.expired + counts.cancelled + counts.missing === 0)) {
    return "completed";
  }
  if (isCancelled) return "cancelled";
  return open.some(({ expired }) => expired > 0) ? "expired" : "failed";
}

/** A job's own state in OpenAI's words; what is not at the provider yet is `validating`. */
function endOf({ job, seen }: FoldedShard): JobStatus {
  switch (job.state) {
    case "submitted":
      return seen?.status ?? job.job.status;
    case "terminal":
      // Most likely it is created again.
      return hadNoRoom(job.job) ? "validating" : job.job.status;
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
  shard: FoldedShard,
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
 * which may be wrong until then. `shards` are those of all rounds, oldest first.
 */
export function requestCounts(shards: readonly FoldedShard[]): RequestCounts {
  const firstRound = shards[0]?.round;
  let total = 0;
  let succeeded = 0;
  let pending = 0;
  for (const shard of shards) {
    const counted = shardCounts(shard);
    // Later rounds ask again for what the first one asked for.
    if (shard.round === firstRound) total += shard.requests;
    succeeded += counted.succeeded;
    pending += counted.pending;
  }
  return { total, succeeded, unsuccessful: total - succeeded - pending, pending };
}

/** The same for one shard alone. */
export function shardCounts({ job, requests, seen }: FoldedShard): RequestCounts {
  const ofAll = (succeeded: number, unsuccessful: number): RequestCounts => ({
    total: requests,
    succeeded,
    unsuccessful,
    pending: requests - succeeded - unsuccessful,
  });
  if (isHome(job)) {
    const { succeeded } = job.results.counts;
    return ofAll(succeeded, requests - succeeded);
  }
  if (job.state === "rejected" || isCancelledUnsent(job)) return ofAll(0, requests);
  const { counts } = seen ?? ("job" in job ? job.job : {});
  const succeeded = Math.min(counts?.completed ?? 0, requests);
  return ofAll(succeeded, Math.min(counts?.failed ?? 0, requests - succeeded));
}

/** Whether a job was to stop before anything was asked of the provider: it never will be. */
export function isCancelledUnsent(job: JobRecord): boolean {
  return job.cancelRequested === true && (job.state === "planned" || job.state === "uploaded");
}
