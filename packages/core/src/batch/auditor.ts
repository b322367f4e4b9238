import { auditJobs, duplicateErrors } from "../engine/audit.js";
import type { EngineContext, Shard } from "../engine/context.js";
import { type Tell, tellOnce } from "../engine/tell-once.js";
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
 * That a list cannot be read is told, and stands in nobody's way.
 */
export function openAuditor(engine: EngineContext, tell: Tell): Auditor {
  const { now, settleMs } = engine;
  const firstAt = now() + settleMs;
  const tellDuplicate = tellOnce(tell);
  let looks = 0;
  let hasRun = false;

  return {
    async attend(shards, isOver, signal) {
      const isDue = isOver ? hasRun : looks === 0 && now() >= firstAt;
      hasRun = true;
      if (isDue) {
        looks += 1;
        await auditQuietly(engine, shards, tell, signal);
      }
      if (isDue || isOver) await tellDuplicates(engine, shards, tellDuplicate);
    },
  };
}

/** Looks for second jobs where nobody waited, once all is home. What it finds is a warning. */
export async function auditAtEnd(
  engine: EngineContext,
  shards: readonly Shard[],
  signal: AbortSignal | undefined,
): Promise<void> {
  await auditQuietly(engine, shards, () => {}, signal);
  await tellDuplicates(engine, shards, ({ message }) => engine.ports.warn(message));
}

async function auditQuietly(
  engine: EngineContext,
  shards: readonly Shard[],
  tell: Tell,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await auditJobs(engine, shards, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (!LangBatchError.is(error)) throw error;
    tell(error);
  }
}

async function tellDuplicates(
  engine: EngineContext,
  shards: readonly Shard[],
  tell: Tell,
): Promise<void> {
  const jobs = await readJobs(engine, shards);
  for (const [at, shard] of shards.entries()) {
    const job = jobs[at];
    for (const error of job ? duplicateErrors(engine, shard, job) : []) tell(error);
  }
}
