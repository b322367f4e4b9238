import type { JobRecord } from "../batch/records.js";
import { LangBatchError } from "../errors.js";
import type { Job } from "../provider/provider.js";
import type { Stored } from "../storage/record-store.js";
import type { EngineContext, Shard } from "./context.js";
import { readJob, record } from "./record.js";
import { jobTag } from "./tag.js";

/** How often recording a job is tried that exists and is paid for, and how long apart. */
const mostAttempts = 5;
const firstPauseMs = 1_000;

/**
 * Records a job that was just created. Its id is known here only, so a storage that fails is asked
 * again for a while, and the id is kept outside of it, too. Should all of that fail, the next run
 * finds the job by its tag.
 *
 * @throws what the storage threw at last.
 */
export async function recordCreated(
  engine: EngineContext,
  shard: Shard,
  before: Stored<JobRecord>,
  job: Job,
): Promise<Stored<JobRecord>> {
  let stored = before;
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (attempt > 1) stored = await readJob(engine, shard);
      return await record(engine, shard, stored, { came: "created", job });
    } catch (error) {
      if (attempt === 1) await keepOutside(engine, shard, before.value, job, error);
      if (attempt === mostAttempts) throw error;
      await engine.ports.sleep(firstPauseMs * 2 ** (attempt - 1));
    }
  }
}

async function keepOutside(
  { id, nonce, provider, ports }: EngineContext,
  { round, shard }: Shard,
  { tries }: JobRecord,
  job: Job,
  error: unknown,
): Promise<void> {
  const tag = jobTag(nonce, round, shard, tries);
  const at = new Date(ports.now()).toISOString();
  const line = { at, batch: id, provider: provider.id, job: job.id, tag };
  ports.warn(
    `${provider.id} created the job ${job.id} of batch ${id}, but the storage cannot record it (${LangBatchError.is(error) ? error.code : "failed"}). It is not lost: run the same again, and it is found by its tag ${tag}.`,
  );
  // The warning has said it: a full disk must not hide the storage's own error.
  await ports.emergency(JSON.stringify(line)).catch(() => {});
}
