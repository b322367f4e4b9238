import type { JobReport } from "./job-report.js";
import type { Journal } from "./journal.js";
import type { JsonObject } from "./json.js";
import type { WireFormat } from "./wire.js";

/**
 * The states of a provider's job, in OpenAI's words (npm `openai` 7.57.0, `resources/batches.d.ts`).
 * A provider maps its own words to these; a word it does not know is `in_progress`, never an end.
 */
export type JobStatus =
  | "validating"
  | "in_progress"
  | "finalizing"
  | "completed"
  | "failed"
  | "expired"
  | "cancelling"
  | "cancelled";

/** What each call may need to know. */
export interface CallContext {
  /** The endpoint of every request in the job: `/v1/chat/completions`. */
  readonly endpoint: string;
  /** Ends the call when the caller has stopped waiting, or when its time is up. */
  readonly signal?: AbortSignal;
}

/** How a provider takes an endpoint. Sizes are in bytes of what is sent, line ends included. */
export interface ProviderTraits {
  /** The most requests one job may hold. */
  readonly maxRequests: number;
  /** The fewest requests one job may hold. Default: 1. */
  readonly minRequests?: number;
  /** The most bytes one job's input may hold. */
  readonly maxBytes: number;
  /** The most bytes one request may hold, without its line end. Default: `maxBytes`. */
  readonly maxLineBytes?: number;
  /** The most jobs of one batch that are at the provider at once, not ended. Default: no limit. */
  readonly maxActiveJobs?: number;
  /**
   * How a create whose answer was lost is found again. `token`: the same call again names the same
   * job. `search`: in the list of jobs, by tag or by input. `content`: only by what it brings, which
   * needs ids that are derived.
   */
  readonly recovery: "token" | "search" | "content";
  /** Whether every request of a job must name the same model. */
  readonly oneModel: boolean;
  /**
   * What the provider accepts as a request's id. Where `wire` writes requests, they go by ids of ours,
   * `<nonce>R<round>N<ordinal in base 36>`, which must match it, and their own come back with the
   * results. Where lines are sent as they are, an id that does not match is refused. Default: any
   * non-empty text.
   */
  readonly wireId?: RegExp;
  /** How long after a job's end its results can be fetched, in milliseconds. Default: for ever. */
  readonly collectWithinMs?: number;
  /** How the provider writes requests and results. Default: OpenAI lines, as they are. */
  readonly wire?: WireFormat;
}

/** One job's worth of requests, ready to be sent. */
export interface ShardInput {
  /** Names this job, ours alone: `[a-z0-9-]`, at most 48 characters. Put it where a list shows it. */
  readonly tag: string;
  /** The file name to upload under; holds the tag and ends in `.jsonl`. */
  readonly name: string;
  /** How many requests `data` holds. */
  readonly requests: number;
  /** The model of every request, where the provider wants one per job. */
  readonly model: string | undefined;
  /**
   * OpenAI request lines, or what the wire format made of them, in its frame; backed by a file, so it
   * must not be read into memory.
   */
  readonly data: Blob;
}

/** An input the provider has taken but not yet been asked to run. Stored. */
export interface UploadedInput {
  readonly id: string;
  /**
   * Where a service counts the inputs that lie there: it is deleted by `discard` as soon as every
   * result of its job is home. Default: it stays until the user asks to clean up.
   */
  readonly isTemporary?: true;
}

/** Why a job as a whole failed. */
export interface JobFailure {
  /** `input`: fix the requests. `quota`: try later. `account`: billing or access. `provider`: theirs. */
  readonly kind: "input" | "quota" | "account" | "provider";
  readonly code: string;
  readonly message: string;
}

/** A job as the provider reports it. Plain JSON: it is stored as it is. */
export interface Job {
  readonly id: string;
  readonly status: JobStatus;
  /** The provider's own word for the status. */
  readonly rawStatus: string;
  /** Milliseconds since 1970, by the provider's clock. */
  readonly createdAt: number;
  /** The tag it was created with, where the provider gives one back. */
  readonly tag?: string;
  /** The uploaded input it was created from. */
  readonly inputId?: string;
  /** How many requests it holds, where the provider says so. */
  readonly requests?: number;
  /** What it asks, where the provider says so: `/v1/chat/completions`. */
  readonly endpoint?: string;
  /** Whose job it is, as {@link BatchProvider.account} names it. */
  readonly account?: string;
  /** Requests done so far, as the provider counts them. For showing only: counts lie. */
  readonly counts?: { readonly total: number; readonly completed: number; readonly failed: number };
  readonly failure?: JobFailure;
  /** Until when its results can be fetched, in milliseconds since 1970. */
  readonly collectBy?: number;
  /** What the provider needs to read the results: file ids, for example. */
  readonly detail?: JsonObject;
  /** How running it went, where it is run in a process of ours. */
  readonly report?: JobReport;
}

/**
 * Who runs the jobs. Written by a provider package, called by the engine only. Prove one with
 * `describeProvider` from `@langbatch/testing`.
 *
 * Every method may throw a `LangBatchError`; anything else that leaves it is wrapped as
 * `provider_failed`. Methods that ask may be repeated; `create` never is.
 */
export interface BatchProvider {
  readonly specVersion: 1;
  /** Lower-case and stable, stored with every batch: `openai`. */
  readonly id: string;
  /**
   * The options that must be the same in every process that works on a batch: the completion window,
   * for example. Stored with it, and given to the factory again on `load`. Never a secret.
   */
  readonly settings: JsonObject;

  /** How this provider takes the endpoint. May ask the service. */
  traits(context: CallContext): Promise<ProviderTraits>;

  /**
   * Brings the input to the provider. Costs nothing; a second upload of the same input is harmless.
   * Leave it out where the create call itself carries the requests.
   */
  upload?(input: ShardInput, context: CallContext): Promise<UploadedInput>;

  /**
   * Creates the job with exactly ONE request on the wire. Where there is `run`, it only gives the job its
   * name: it sends nothing, and the same input has the same name.
   *
   * @throws `rejected` or `quota` only if certainly nothing was created. Any other error means that
   * nobody knows, and the engine searches before it does anything else.
   */
  create(
    input: ShardInput,
    uploaded: UploadedInput | undefined,
    context: CallContext,
  ): Promise<Job>;

  /**
   * The jobs with these ids, in any order, in as few calls as possible. Not yielding one proves
   * nothing: a 404 may pass.
   */
  get(jobIds: readonly string[], context: CallContext): AsyncIterable<Job>;

  /**
   * Every job created at or after `since` (milliseconds since 1970), whoever made it. `tag` is how the
   * tags that are looked for begin, and may narrow the list where the service can; matching is the
   * caller's.
   *
   * @throws `incomplete_listing` when it cannot be sure that none is left out.
   */
  list(
    query: { readonly since: number; readonly tag?: string },
    context: CallContext,
  ): AsyncIterable<Job>;

  /** Asks the job to stop. Resolves too when it has already ended. */
  cancel(jobId: string, context: CallContext): Promise<void>;

  /**
   * What an ended job brought, as OpenAI result lines, or as lines that the wire format decodes, in any
   * order: answers and errors, raw, a line end between any two. Nothing at all where it brought nothing.
   * `journal` is the job's own, where the provider has `run`.
   */
  results(job: Job, context: CallContext, journal?: Journal): AsyncIterable<Uint8Array>;

  /** Deletes an uploaded input. Resolves too when it is gone already. */
  discard?(uploaded: UploadedInput, context: CallContext): Promise<void>;

  /**
   * Whose jobs this client sees, as the service names it, from the general to the special:
   * `api.openai.com/org-1/proj-2`. Nothing of the key, which is changed now and then. May know only
   * the beginning before the service has answered something: a beginning is no other account. Without
   * it, a job that a wrong key does not see looks like one that was never created.
   */
  account?(context: CallContext): Promise<string>;

  /**
   * The request lines a job was made from, as it was given them: how a job is taken over whose input
   * is not stored here. Leave it out where the service does not give them back.
   *
   * @throws `not_found` where the service no longer has them.
   */
  input?(job: Job, context: CallContext): AsyncIterable<Uint8Array>;

  /**
   * Deletes what the service keeps of an ended job: its input and its results. Resolves too when all
   * of it is gone already. Called only after every result is stored, and only when the user asks.
   */
  clean?(job: Job, context: CallContext): Promise<void>;

  /**
   * Only for a provider that executes in this process: waiting runs the job instead of asking for it.
   * Nothing is asked of `get`, `list` and `cancel` then. All that outlives the process goes into the
   * journal, and a run goes on from there: it may be stopped by `context.signal`, with whose reason it
   * then rejects, or die at any moment, and another process may run the job while this one is suspended.
   * Yields the job whenever it has changed, at last in a terminal state.
   *
   * @throws where nothing can be run as things are; what has no result yet is run another time.
   */
  run?(job: Job, input: ShardInput, journal: Journal, context: CallContext): AsyncIterable<Job>;
}
