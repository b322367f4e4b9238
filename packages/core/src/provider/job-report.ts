/** What running a job has shown. Of the last run: what was measured since its process began it. */
export interface JobReport {
  /** Tokens as the answers count them, of all requests of the job that have one. */
  readonly usage?: {
    readonly promptTokens: number;
    readonly completionTokens: number;
    readonly totalTokens: number;
  };
  /** How long answers took, in milliseconds, in the last run; absent before the first answer. */
  readonly latencyMs?: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
  };
  /** Requests, and tokens, done per second in the last run. */
  readonly requestsPerSecond?: number;
  readonly tokensPerSecond?: number;
  /** How many requests were sent in the last run, those included that were sent again. */
  readonly sent: number;
  /** How many of them were told to come later, and how many had to be sent again for other reasons. */
  readonly rateLimited: number;
  readonly retried: number;
  /** How long the last run has taken so far, in milliseconds. */
  readonly runningMs: number;
  /** How many requests were on their way at the same time at last. */
  readonly concurrency: number;
}
