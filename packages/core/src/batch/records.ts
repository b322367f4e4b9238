import type { JobLimits } from "../plan/limits.js";
import type { JsonObject } from "../provider/json.js";
import type { Job, UploadedInput } from "../provider/provider.js";
import type { Lease } from "./lease.js";

/**
 * What is stored of a batch as a whole: `batches/<id>`. Written less than ten times in its life, so
 * that it may live where one object takes one write a second.
 */
export interface BatchRecord {
  readonly id: string;
  /** The endpoint's URL and the provider's id: only their class may load it. */
  readonly endpoint: string;
  readonly provider: string;
  readonly settings: JsonObject;
  /** Part of every job's tag: ours alone, and nothing of the user's. */
  readonly nonce: string;
  readonly createdAt: number;
  /** When `start` first planned to send it. Absent: it was only created. */
  readonly startedAt?: number;
  /** When the user asked to cancel what was live then. */
  readonly cancelRequestedAt?: number;
  /** SHA-256 of the whole input, where a `key` binds the batch to it. */
  readonly inputSha256?: string;
  /** What the user lets one job hold at most, where it was said when the first plan was made. */
  readonly limits?: JobLimits;
  /** The plans that count, oldest first. */
  readonly rounds: readonly RoundRecord[];
  /**
   * The number the next plan takes. Taken before planning, so that two processes, or a second try
   * after a crash, never write the same blob.
   */
  readonly nextRound: number;
  /** Where it went: being copied elsewhere, or gone there. Absent: it lives here. */
  readonly moved?: "moving" | "moved";
}

/** One plan, `start`'s or a `retry`'s. Its shards are in the blob {@link planKey}. */
export interface RoundRecord {
  /** Its number in keys and tags. Numbers may be skipped: a plan that was not finished used one. */
  readonly round: number;
  readonly shards: number;
  readonly requests: number;
}

/** One line of a round's plan blob. */
export interface PlannedShard {
  readonly shard: number;
  /** The position of its first request in the round; the first is 0. */
  readonly firstOrdinal: number;
  readonly requests: number;
  /** Of the stored input, line ends included. */
  readonly bytes: number;
  readonly sha256: string;
  /** The model of every request, where they all have the same. */
  readonly model?: string;
  /** How many lines have a short url and are sent with the endpoint's full one. */
  readonly shortUrls: number;
  /** How many lines the provider's wire format writes otherwise. Default: none. */
  readonly encoded?: number;
}

/** How a shard's requests ended. */
export interface OutcomeCounts {
  readonly succeeded: number;
  readonly failed: number;
  readonly expired: number;
  readonly cancelled: number;
  readonly missing: number;
}

/** Why a provider did not create a job. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly status?: number;
}

/** What a job's record may say in every state. */
export interface JobFields {
  /** How many creates were begun for this shard. Part of the tag. */
  readonly tries: number;
  /** The input at the provider; absent where there is none yet, or the provider takes none. */
  readonly upload?: UploadedInput;
  /** How many creates in a row came to nothing without a word, and how many were put off. */
  readonly lostCreates?: number;
  readonly refusals?: number;
  /** The ids of earlier tries' inputs: a late job may be made from one of them. */
  readonly earlierInputs?: readonly string[];
  /** The ids of earlier tries' jobs that ended because there was no room for them: none is billed. */
  readonly endedJobs?: readonly string[];
  /** Whose key began the last create: under another one, "not found" says nothing. */
  readonly account?: string;
  /** Another batch or tool created it, under ids of its own. */
  readonly adopted?: true;
  /** What was planned must stop: never create it, or cancel it once it is known. */
  readonly cancelRequested?: true;
  /** Further jobs at the provider for the same requests, by their ids: each may be paid in vain. */
  readonly duplicates?: readonly string[];
  /**
   * The create whose answer was lost, where the job was taken for what it made because of its size
   * alone. Its results say whether it is; until then it is nobody's to cancel.
   */
  readonly provisional?: Pick<UnknownJob, "life" | "since" | "sendBy" | "settleMs" | "answer">;
}

/**
 * One job's life: `jobs/<id>/<round>/<shard>`. An absent record is a planned job. Every state says
 * all that is known, so that whoever reads it can go on.
 */
export type JobRecord = JobFields &
  (
    | { readonly state: "planned" }
    /** The input is there (or none is needed); nothing is asked yet. */
    | UploadedJob
    /** A create may be on the wire until `sendBy`, sent by that `life` only. */
    | CreatingJob
    /** A create was sent, or may have been, and nobody knows what came of it. */
    | UnknownJob
    /** As unknown, but looking for it proves nothing: the user decides. */
    | AmbiguousJob
    /** Certainly not created, and not worth asking again unasked. */
    | RejectedJob
    | SubmittedJob
    /** The provider is done with it; its results are not home yet. */
    | {
        readonly state: "terminal";
        readonly job: Job;
        /** How often the results came back with requests missing. */
        readonly shortReads: number;
        readonly notBefore?: number;
      }
    | HomeJob
    /** The batch lives in another storage; whoever still works here must stop. */
    | { readonly state: "moved" }
  );

/** A job that may be created. */
type UploadedJob = {
  readonly state: "uploaded";
  readonly notBefore?: number;
  readonly waiting?: Refusal;
  /**
   * The run that knows that no job exists. Another one looks once before it creates: a storage that
   * was restored from a copy says "uploaded" although the job is running.
   */
  readonly life?: string;
};

/** A job that exists and has not ended, as far as is recorded. */
export type SubmittedJob = {
  readonly state: "submitted";
  readonly job: Job;
  readonly cancelSent?: true;
  /** Who runs it, where the provider leaves that to a process of ours. Absent: nobody. */
  readonly lease?: Lease;
};

/** A job that was refused to one life, which says so; another one asks again. */
export type RejectedJob = {
  readonly state: "rejected";
  readonly refusal: Refusal;
  readonly life: string;
};

/** A create that is about to be sent. Times in milliseconds since 1970, by the writer's clock. */
export type CreatingJob = {
  readonly state: "creating";
  /** Who sends it: one run of the engine. Another life never sends it, and looks for it instead. */
  readonly life: string;
  readonly since: number;
  /** From when on nobody sends it any more. */
  readonly sendBy: number;
  /** How long a complete list must show nothing before the job is taken as not created. */
  readonly settleMs: number;
};

/** A create whose answer is unknown. */
export type UnknownJob = Omit<CreatingJob, "state"> & {
  readonly state: "unknown";
  /** The first 4 KB of what came instead of an answer, or why nothing came. */
  readonly answer?: string;
  /** Who has been looking: each life by its own clock, the latest first. */
  readonly looking?: readonly Looking[];
  /**
   * The input is about to be deleted, or is. Recorded before: a job that failed from then on may have
   * failed of that, and is not the one that is looked for.
   */
  readonly condemned?: true;
  /** The input is deleted, so that a create that is still on its way must fail. */
  readonly fenced?: true;
};

/** How long one life has been looking. */
export interface Looking {
  readonly life: string;
  /** When it began the first list, and the last one. */
  readonly since: number;
  readonly last: number;
}

/** A create of which looking cannot tell what came. */
export type AmbiguousJob = Omit<UnknownJob, "state"> & {
  readonly state: "ambiguous";
  /** Why, as the end of a sentence. */
  readonly reason: string;
  /** Jobs at the provider that show nothing by which they could be told from this one. */
  readonly candidates: readonly Job[];
};

/** Every request has its result in the storage; `cleaned` once nothing is left at the provider. */
export type HomeJob = {
  readonly state: "collected" | "cleaned";
  readonly job: Job;
  readonly results: CollectedResults;
};

/** Whether every request of a job has its result in the storage. */
export function isHome(job: JobRecord): job is JobRecord & HomeJob {
  return job.state === "collected" || job.state === "cleaned";
}

/** Where a shard's results lie. */
export interface CollectedResults {
  /** The blob is `results-<number>`: a collection that was not finished may have used lower ones. */
  readonly number: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly counts: OutcomeCounts;
}

/** A job whose record is absent. */
export const plannedJob: JobRecord = { state: "planned", tries: 0 };

export const batchKey = (id: string): string => `batches/${id}`;
export const blobsPrefix = (id: string): string => `blobs/${id}/`;
export const planKey = (id: string, round: number): string => `blobs/${id}/${round}/plan`;

export function jobKey(id: string, round: number, shard: number): string {
  return `jobs/${id}/${round}/${shard}`;
}

export function shardKey(
  id: string,
  round: number,
  shard: number,
  blob: "input" | "journal" | `results-${number}` | `strays-${number}` | `damaged-${number}`,
): string {
  return `blobs/${id}/${round}/${shard}/${blob}`;
}
