import type { Lease } from "../batch/lease.js";
import type { JobRecord } from "../batch/records.js";
import { LangBatchError } from "../errors.js";
import type { Job } from "../provider/provider.js";
import type { EngineContext, Shard } from "./context.js";
import { retryDelayMs } from "./retry-delay.js";
import { runJob } from "./run-job.js";
import type { RunningProvider } from "./runs-here.js";
import { isFree, type SeenLeases } from "./seen-leases.js";
import { recordedJobs, type Watched } from "./work.js";

/** Runs jobs in this process, beside whatever else it does. */
export interface Runner {
  /**
   * Begins to run what nobody runs, a few jobs at a time, and says how far all of them have come.
   * `jobs` are the shards' records as they were read last.
   *
   * @throws why one stopped that was run here; it is begun again after a while.
   */
  attend(shards: readonly Shard[], jobs: readonly JobRecord[]): Watched;
  /** Resolves when a job that is run here has ended or stopped. */
  news(): Promise<void>;
  /** Stops all that is run here, and waits for it. */
  close(): Promise<void>;
}

/** One more begins while the last requests of the one before are on their way. */
const runsAtOnce = 2;
/** After how many failures in a row the pause does not grow any more: some two minutes. */
const mostFailures = 5;

/** A runner that runs nothing yet. */
export function openRunner(engine: EngineContext & { readonly provider: RunningProvider }): Runner {
  const running = new Map<string, { job: Job | undefined; readonly ended: Promise<void> }>();
  const seenLeases: SeenLeases = new Map();
  const closing = new AbortController();
  const errors: unknown[] = [];
  let failures = 0;
  let notBefore = 0;
  let { news, tell } = newsOf();

  function mayRun(shard: Shard, lease: Lease | undefined): boolean {
    return lease?.life === engine.life || isFree(seenLeases, keyOf(shard), lease, engine.now());
  }

  function begin(shard: Shard, from: Lease | undefined): void {
    const { signal } = closing;
    const ended = runJob(engine, shard, { from, signal, onJob: (job) => note(shard, job) })
      .catch((error: unknown) => {
        if (signal.aborted) return;
        errors.push(error);
        failures = Math.min(failures + 1, mostFailures);
        const wishMs = LangBatchError.is(error) ? error.retryAfterMs : undefined;
        notBefore = engine.now() + retryDelayMs(failures, engine.ports.random(), wishMs);
      })
      .finally(() => {
        running.delete(keyOf(shard));
        tell();
        ({ news, tell } = newsOf());
      });
    running.set(keyOf(shard), { job: undefined, ended });
  }

  function note(shard: Shard, job: Job): void {
    const own = running.get(keyOf(shard));
    if (own?.job && doneOf(job) > doneOf(own.job)) failures = 0;
    if (own) own.job = job;
  }

  return {
    attend(shards, jobs) {
      for (const [at, shard] of shards.entries()) {
        const job = jobs[at];
        if (job?.state !== "submitted" || running.has(keyOf(shard))) continue;
        const mayBegin = mayRun(shard, job.lease);
        if (mayBegin && running.size < runsAtOnce && engine.now() >= notBefore)
          begin(shard, job.lease);
      }
      const error = errors.shift();
      if (error !== undefined) throw error;
      const seen = new Map(recordedJobs(engine, shards, jobs));
      for (const shard of seen.keys()) {
        const live = running.get(keyOf(shard))?.job;
        if (live) seen.set(shard, live);
      }
      return { seen, unseen: [] };
    },
    news: () => news,
    async close() {
      closing.abort(new Error("Nobody waits for the batch any more."));
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}

function doneOf({ counts }: Job): number {
  return counts ? counts.completed + counts.failed : 0;
}

function keyOf({ round, shard }: Shard): string {
  return `${round}/${shard}`;
}

function newsOf(): { readonly news: Promise<void>; readonly tell: () => void } {
  let tell = () => {};
  const news = new Promise<void>((resolve) => {
    tell = resolve;
  });
  return { news, tell };
}
