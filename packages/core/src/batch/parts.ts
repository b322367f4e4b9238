import type { Endpoint, EndpointTypes, Open } from "../endpoints/endpoint.js";
import type { OnAmbiguous } from "../engine/context.js";
import type { Ports } from "../engine/ports.js";
import type { JobLimitOptions } from "../plan/limits.js";
import type { BatchProvider } from "../provider/provider.js";
import type { Storage } from "../storage/storage.js";

/** The three values a named batch class binds: what is asked, who runs it, where it lives. */
export interface BatchParts<E extends EndpointTypes, Kwargs> {
  readonly endpoint: Endpoint<E>;
  /** Makes the provider from `batchKwargs`; reads and sends nothing yet. */
  readonly provider: (batchKwargs?: Kwargs) => BatchProvider;
  /** Makes the storage that is used where the user names none. */
  readonly storage: () => Storage;
}

/** What `new`, `create` and `load` take. */
export interface BatchOptions<Kwargs> extends JobLimitOptions {
  /** Where the batch lives. Default: what its class says; files, for the classes of this family. */
  readonly storage?: Storage;
  /** The provider's arguments, a ready client among them. Never stored. Default: none. */
  readonly batchKwargs?: Kwargs;
  /**
   * How long, after a create whose answer was lost, a complete list of jobs must show nothing before
   * it is repeated, in milliseconds. Default: 900 000 (15 minutes).
   */
  readonly settleMs?: number;
  /**
   * How long after it was recorded a create may still be sent, in milliseconds. Default: 20 000.
   */
  readonly sendDeadlineMs?: number;
  /**
   * How long a process that runs a job itself may show no sign of life before another one goes on with
   * it, in milliseconds; so long, too, it takes to go on after a crash. Default: 10 000.
   */
  readonly leaseMs?: number;
  /**
   * What is done where nobody can say whether a create made a job: `wait`, `adopt-if-unique`,
   * `resubmit` or `fail`; see {@link OnAmbiguous}. Default: `wait`.
   */
  readonly onAmbiguous?: OnAmbiguous;
  /**
   * How many jobs of the batch may be at the provider at once; the others are sent as those end.
   * Default: what suits the provider.
   */
  readonly maxActiveJobs?: number;
  /** Clock and chance, for tests. Default: the machine's. */
  readonly ports?: Partial<Ports>;
}

/** What `new` takes beside the file. */
export interface NewOptions<Kwargs> extends BatchOptions<Kwargs> {
  /**
   * Names the batch: the same key with the same input is the same batch, in every process. Another
   * input under that key is an error. Default: none; then every `new` is another batch.
   */
  readonly key?: string;
}

/** What `create` takes beside the items. */
export interface CreateOptions<E extends EndpointTypes, Kwargs> extends NewOptions<Kwargs> {
  /** Fields of every request's body; what an item brings itself wins. Default: none. */
  readonly requestKwargs?: Open<Partial<E["body"]>>;
}

/**
 * Values one after the other: an array, any iterable, or an async one. Not a text, which would be
 * one request for each of its letters.
 */
export type Sequence<Value> = object & (Iterable<Value> | AsyncIterable<Value>);

/** How a call may be stopped. */
export interface CallOptions {
  /** Stops the call; what is recorded stays, and a create on its way is finished first. */
  readonly signal?: AbortSignal;
}

/** A named batch class, as its statics see it. */
export interface BatchClass<Self, E extends EndpointTypes, Kwargs> {
  readonly parts: BatchParts<E, Kwargs>;
  new (file: string | URL, options?: NewOptions<Kwargs>): Self;
}
