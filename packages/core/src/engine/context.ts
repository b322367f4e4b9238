import type { PlannedShard } from "../batch/records.js";
import type { Endpoint } from "../endpoints/endpoint.js";
import type { BatchProvider } from "../provider/provider.js";
import type { Storage } from "../storage/storage.js";
import type { Company } from "./company.js";
import type { Contents } from "./contents.js";
import type { Listings } from "./listing.js";
import type { Ports } from "./ports.js";

/** What the engine works with: one batch's parts, and the world around it. */
export interface EngineContext {
  readonly id: string;
  readonly nonce: string;
  /** When the batch was made: no job of it is older. Milliseconds since 1970. */
  readonly createdAt: number;
  readonly endpoint: Endpoint;
  readonly provider: BatchProvider;
  readonly storage: Storage;
  readonly ports: Ports;
  /** The time of this run, by a clock that never jumps. Times of other runs are by other clocks. */
  readonly now: () => number;
  /** Names this run: only it sends the creates it intends. */
  readonly life: string;
  /** How long a complete list must show nothing before a lost create is repeated. */
  readonly settleMs: number;
  /** How long a process that runs a job may show no sign of life. */
  readonly leaseMs: number;
  /** What is done where nobody can say whether a job exists. */
  readonly onAmbiguous: OnAmbiguous;
  /** The provider's list of jobs, shared by all shards. */
  readonly listings: Listings;
  /** What ended jobs brought, where only that tells whose they are. */
  readonly contents: Contents;
  /** Other processes on the same batch. */
  readonly company: Company;
  /** How many jobs of the batch may be at the provider at once; may ask it. */
  readonly maxActiveJobs: (signal?: AbortSignal) => Promise<number>;
  /** How long after it was recorded a create may still be sent. */
  readonly sendDeadlineMs: number;
}

/**
 * What is done where nobody can say whether a create made a job: the list is incomplete, goes not
 * back so far, or shows jobs that cannot be told apart.
 *
 * - `wait`: look again every five minutes, for as long as the caller waits.
 * - `adopt-if-unique`: take the one job that may be it; with none or several, `wait`.
 * - `resubmit`: create it again. What exists then is paid twice.
 * - `fail`: throw `ambiguous`.
 */
export type OnAmbiguous = "wait" | "adopt-if-unique" | "resubmit" | "fail";

/** One shard of one round. */
export interface Shard extends PlannedShard {
  readonly round: number;
}
