import type { BatchProvider, JsonObject } from "@langbatch/core";

/** A provider to prove, and the test server it talks to. */
export interface ProviderUnderTest {
  /** Its server holds no jobs, and is shared with nobody. */
  readonly provider: BatchProvider;
  /** The endpoint of every request: `/v1/chat/completions`. */
  readonly endpoint: string;
  /** The model of every request. */
  readonly model: string;
  /** What each request says beside its model. Default: a short question, as OpenAI's endpoints take it. */
  readonly body?: JsonObject;
  /** The key the provider was made with, or another text that must neither be stored nor shown. */
  readonly secret?: string;
  /**
   * Lets every job come to its end: one that is asked for or run next is completed, failed or cancelled.
   */
  finish(): void | Promise<void>;
  /** Called after the test: closes the server. */
  dispose(): Promise<void>;
  /** How many jobs the server has made so far, as it counts them itself. */
  jobsCreated?(): Promise<number> | number;
  /**
   * How many single requests a provider with `run` has asked so far, as its service or its function
   * counts them itself.
   */
  requestsAsked?(): number | Promise<number>;
  /**
   * Spoils the next create. `refused`: the service says no in its own words, and makes no job.
   * `no-room`: it says that it takes none at the moment, and makes none. `answer-lost`: it makes the
   * job, and the connection breaks before the answer. Only the next: a second one would succeed.
   */
  failNextCreate?(how: "refused" | "no-room" | "answer-lost"): void | Promise<void>;
  /** Lets the next job fail as a whole, so that it brings nothing. */
  failNextJob?(): void | Promise<void>;
  /** From now on the server breaks every connection. */
  cutOff?(): void | Promise<void>;
}
