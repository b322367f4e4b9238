import { auditJobs, duplicateErrors } from "../engine/audit.js";
import { run, type StepName } from "../engine/run.js";
import { collectJobs, readJobs, watchJobs } from "../engine/work.js";
import { LangBatchError } from "../errors.js";
import { explainJob } from "./explain-job.js";
import { mendRecords } from "./mend-records.js";
import { heedCancel, type OpenBatch } from "./open-batch.js";
import type { JobRecord } from "./records.js";
import { type BatchStatus, look, type RequestCounts } from "./status.js";

/** What `recover` found, after it has repaired what it could. */
export interface Recovery {
  readonly status: BatchStatus;
  readonly counts: RequestCounts;
  /** Each job of each round, oldest first. */
  readonly jobs: readonly JobExplanation[];
  /** What could not be done now, and jobs that may be paid twice. */
  readonly problems: readonly LangBatchError[];
}

/** Where one job stands, and what happens next. */
export interface JobExplanation {
  readonly round: number;
  readonly shard: number;
  readonly requests: number;
  readonly state: JobRecord["state"];
  /** Its id at the provider, once that is known. */
  readonly jobId?: string;
  /** Sentences for a person. */
  readonly explanation: string;
}

const looking: ReadonlySet<StepName> = new Set<StepName>(["doubt", "search"]);

/**
 * Does all that costs nothing: mends records, passes on a wish to cancel, looks for each job whose
 * fate is open, asks about those that run, brings home what has ended, looks for second jobs. One of
 * these that fails does not stop the others.
 */
export async function recoverBatch(
  open: OpenBatch,
  signal: AbortSignal | undefined,
): Promise<Recovery> {
  const { record, engine, shards } = open;
  const problems: LangBatchError[] = [];
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (!LangBatchError.is(error)) throw error;
      problems.push(error);
    }
  };

  if (record.startedAt !== undefined) {
    problems.push(...(await mendRecords(open)));
    await attempt(() => heedCancel(open, signal));
    await attempt(async () => {
      for (const shard of shards) await run(engine, shard, looking, signal);
    });
    await attempt(async () => watchJobs(engine, shards, await readJobs(engine, shards), signal));
    await attempt(() => collectJobs(engine, shards, signal));
    await attempt(() => auditJobs(engine, shards, signal));
  }

  const jobs = await readJobs(engine, shards);
  const explanations = shards.flatMap((shard, at): readonly JobExplanation[] => {
    const job = jobs[at];
    if (!job) return [];
    problems.push(...duplicateErrors(engine, shard, job));
    const { round, requests } = shard;
    const jobId = "job" in job ? job.job.id : undefined;
    return [
      {
        ...{ round, shard: shard.shard, requests, state: job.state },
        ...(jobId !== undefined && { jobId }),
        explanation: explainJob(engine, shard, job),
      },
    ];
  });
  return { ...look(record, shards, jobs), jobs: explanations, problems };
}
