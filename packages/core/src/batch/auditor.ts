import { auditJobs, duplicateErrors } from "../engine/audit.js";
import type { EngineContext, Shard } from "../engine/context.js";
import { readJobs } from "../engine/work.js";
import { LangBatchError } from "../errors.js";

/** Looks out for jobs that are paid twice, while a process waits for a batch. */
export interface Auditor {
  /** To be called at every round of waiting; looks only when it is time, and at the end. */
  attend(shards: readonly Shard[], isOver: boolean, signal: AbortSignal | undefined): Promise<void>;
}

/**
 * Looks once after the settle window, when a create that something repeated must show, and once at
 * the end: two lists for a batch, however many jobs it has. None where it was over from the start.
 */
export function openAuditor(engine: EngineContext, tell: (error: LangBatchError) => void): Auditor {
  const { now, settleMs } = engine;
  const firstAt = now() + settleMs;
  const told = new Set<string>();
  let looks = 0;
  let hasRun = false;

  return {
    async attend(shards, isOver, signal) {
      const isDue = isOver ? hasRun : looks === 0 && now() >= firstAt;
      hasRun = true;
      if (isDue) {
        looks += 1;
        await auditJobs(engine, shards, signal);
      }
      if (!isDue && !isOver) return;
      const jobs = await readJobs(engine, shards);
      for (const [at, shard] of shards.entries()) {
        const job = jobs[at];
        for (const error of job ? duplicateErrors(engine, shard, job) : []) {
          if (!told.has(error.message)) tell(error);
          told.add(error.message);
        }
      }
    },
  };
}

/** Looks for second jobs where nobody waited, once all is home. What it finds is a warning. */
export async function auditAtEnd(
  engine: EngineContext,
  shards: readonly Shard[],
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await auditJobs(engine, shards, signal);
  } catch (error) {
    // The results are home: that the list cannot be read now must not stand in their way.
    if (LangBatchError.is(error)) return;
    throw error;
  }
  const jobs = await readJobs(engine, shards);
  for (const [at, shard] of shards.entries()) {
    const job = jobs[at];
    for (const { message } of job ? duplicateErrors(engine, shard, job) : []) {
      engine.ports.warn(message);
    }
  }
}
