import type { Shard } from "../engine/context.js";
import { isWaitingForRoom } from "../engine/room.js";
import type { JobReport } from "../provider/job-report.js";
import type { Job, JobFailure, JobStatus } from "../provider/provider.js";
import type { Pace } from "./pace.js";
import { type BatchRecord, isHome, type JobRecord, type Refusal } from "./records.js";
import {
  type BatchStatus,
  isCancelledUnsent,
  look,
  type RequestCounts,
  shardCounts,
} from "./status.js";

/** How far a batch has come. Times in milliseconds, sizes in bytes. */
export interface BatchProgress {
  readonly status: BatchStatus;
  /** Of every request once, however many rounds asked for it. */
  readonly counts: RequestCounts;
  /** Those of all rounds, oldest first. */
  readonly shards: readonly ShardProgress[];
  /** How much of the requests is at the provider, and how much there is to bring: of all rounds. */
  readonly uploadedBytes: number;
  readonly totalBytes: number;
  /** How much of results is in the storage. */
  readonly downloadedBytes: number;
  /** Since `start`, by this process's clock: until now, since nobody records the end. 0 before it. */
  readonly elapsedMs: number;
  /**
   * How long the rest takes at the pace of the last looks of this `Batch` object. Absent where that
   * would be a guess: the provider does not count what it has done, too few looks have shown it move,
   * or something waits for room.
   */
  readonly remainingMs?: number;
}

/** Where one shard stands: what is not at the provider in words of its own, else in the provider's. */
export type ShardState =
  /** Not sent yet. */
  | "planned"
  /** The provider has no room, or wants to be asked later; see `waiting`. */
  | "waiting"
  /** Being created. */
  | "creating"
  /** Created or not, nobody knows yet: it is looked for. */
  | "in_doubt"
  /** The provider would not take it. */
  | "rejected"
  /** Ended; its results are not home yet. */
  | "collecting"
  | JobStatus;

/** How far one shard has come. */
export interface ShardProgress {
  /** As in `recover`'s explanations; the first is 0. */
  readonly round: number;
  readonly shard: number;
  readonly state: ShardState;
  readonly counts: RequestCounts;
  /** The provider's id of its job, once there is one. */
  readonly jobId?: string;
  /** How running it goes, where a process of ours does that. */
  readonly report?: JobReport;
  /** Why it is not sent yet, and when it is tried again, in milliseconds since 1970. */
  readonly waiting?: { readonly code: string; readonly message: string; readonly until?: number };
  /** Why the job failed as a whole, or was not taken. */
  readonly failure?: {
    readonly code: string;
    readonly message: string;
    /** Whether asking for the same requests again may work. */
    readonly isRetryable: boolean;
  };
}

/** The progress of a batch of which nothing is stored yet. */
export const nothingStored: BatchProgress = {
  status: "created",
  counts: { total: 0, succeeded: 0, unsuccessful: 0, pending: 0 },
  shards: [],
  uploadedBytes: 0,
  totalBytes: 0,
  downloadedBytes: 0,
  elapsedMs: 0,
};

/** What is known of a batch at one moment. */
export interface Observation {
  readonly record: BatchRecord;
  readonly shards: readonly Shard[];
  readonly jobs: readonly JobRecord[];
  /** What the provider says just now. */
  readonly seen?: ReadonlyMap<Shard, Job> | undefined;
  /** The time, in milliseconds since 1970. */
  readonly now: number;
}

/** Folds what is known into the progress, and what it shows into the pace. */
export function progressOf(observation: Observation, pace: Pace): BatchProgress {
  const { record, shards, jobs, seen = new Map<Shard, Job>(), now } = observation;
  const { status, counts } = look(record, shards, jobs, seen);
  const pairs = shards.flatMap((shard, at) => {
    const job = jobs[at];
    return job ? [{ shard, job, seen: seen.get(shard) }] : [];
  });
  const sum = (count: (pair: Pair) => number) =>
    pairs.reduce((total, pair) => total + count(pair), 0);
  pace.note(now, counts);
  const remainingMs = pairs.every(isCounted) ? pace.remainingMs(now, counts.pending) : undefined;
  const queued = reasonsToWait(pairs);
  return {
    status,
    counts,
    shards: pairs.map((pair) => shardProgress(pair, queued)),
    uploadedBytes: sum(({ shard, job }) => (job.upload || "job" in job ? shard.bytes : 0)),
    totalBytes: sum(({ shard }) => shard.bytes),
    downloadedBytes: sum(({ job }) => (isHome(job) ? job.results.bytes : 0)),
    elapsedMs: record.startedAt === undefined ? 0 : Math.max(0, now - record.startedAt),
    ...(remainingMs !== undefined && { remainingMs }),
  };
}

interface Pair {
  readonly shard: Shard;
  readonly job: JobRecord;
  readonly seen: Job | undefined;
}

/** Whether what is left of a shard goes on at a pace that can be seen. */
function isCounted({ job, seen }: Pair): boolean {
  switch (job.state) {
    case "submitted":
      return seen?.counts !== undefined && seen.counts.total > 0;
    case "creating":
    case "unknown":
    case "ambiguous":
      return false;
    case "uploaded":
      return job.waiting === undefined || job.cancelRequested === true;
    default:
      return true;
  }
}

/** Why the shards of each model that were not asked for yet are not. */
function reasonsToWait(pairs: readonly Pair[]): ReadonlyMap<string | undefined, Refusal> {
  const reasons = new Map<string | undefined, Refusal>();
  for (const { shard, job } of pairs) {
    if (isWaitingForRoom(job) && job.waiting) reasons.set(shard.model, job.waiting);
  }
  return reasons;
}

function shardProgress(
  pair: Pair,
  queued: ReadonlyMap<string | undefined, Refusal>,
): ShardProgress {
  const { shard, job, seen } = pair;
  const { round, requests } = shard;
  const waiting = waitingOf(pair, queued);
  const failure = failureOf(job);
  const report = "job" in job ? (seen ?? job.job).report : undefined;
  return {
    round,
    shard: shard.shard,
    state: stateOf(pair),
    counts: shardCounts({ round, requests, job, seen }),
    ...("job" in job && { jobId: job.job.id }),
    ...(report && { report }),
    ...(waiting && { waiting }),
    ...(failure && { failure }),
  };
}

function stateOf({ job, seen }: Pair): ShardState {
  if (isCancelledUnsent(job)) return "cancelled";
  switch (job.state) {
    case "planned":
    case "creating":
    case "rejected":
      return job.state;
    case "uploaded":
      return job.waiting ? "waiting" : "planned";
    case "unknown":
    case "ambiguous":
      return "in_doubt";
    case "submitted":
      return seen?.status ?? job.job.status;
    case "terminal":
      return "collecting";
    case "collected":
    case "cleaned":
      return job.job.status;
    case "moved":
      return "planned";
  }
}

function waitingOf(
  { shard, job }: Pair,
  queued: ReadonlyMap<string | undefined, Refusal>,
): ShardProgress["waiting"] {
  if ((job.state !== "planned" && job.state !== "uploaded") || isCancelledUnsent(job)) {
    return undefined;
  }
  const own = job.state === "uploaded" ? job.waiting : undefined;
  const reason = own ?? queued.get(shard.model);
  if (!reason) return { code: "queued", message: "It is sent after the jobs before it." };
  const { code, message } = reason;
  const until = own && job.state === "uploaded" ? job.notBefore : undefined;
  return { code, message, ...(until !== undefined && { until }) };
}

function failureOf(job: JobRecord): ShardProgress["failure"] {
  if (job.state === "rejected") {
    const { code, message } = job.refusal;
    return { code, message, isRetryable: code !== "rejected" };
  }
  const failure = "job" in job ? job.job.failure : undefined;
  return failure && { code: failure.code, message: failure.message, isRetryable: mayWork(failure) };
}

/** The provider's trouble passes, and limits and bills change; an input that is wrong stays wrong. */
function mayWork({ kind }: JobFailure): boolean {
  return kind !== "input";
}
