import type { JobRecord } from "../batch/records.js";
import { LangBatchError } from "../errors.js";
import type { Stored } from "../storage/record-store.js";
import type { EngineContext, Shard } from "./context.js";
import { identify } from "./identify.js";
import { soughtOf } from "./look.js";
import { readJob, record } from "./record.js";
import { search } from "./search.js";

/** How far a second job may lie from the first, by the provider's clock, where only results tell. */
const nearMs = 3_600_000;

/**
 * Looks for second jobs of the same requests, which something between us and the provider may have
 * made (a gateway that sends a create again), and records them. One list for all shards.
 *
 * @throws whatever the provider's list throws.
 */
export async function auditJobs(
  engine: EngineContext,
  shards: readonly Shard[],
  signal?: AbortSignal,
): Promise<void> {
  const { endpoint, now } = engine;
  const context = { endpoint: endpoint.url, ...(signal && { signal }) };
  const wanted = { since: engine.createdAt, notBefore: now() };
  const { jobs } = await engine.listings.read(wanted, context);
  const created: { shard: Shard; stored: Stored<JobRecord>; createdAt: number }[] = [];
  const known = new Set<string>();
  for (const shard of shards) {
    const stored = await readJob(engine, shard);
    // Of what may be somebody else's job, nothing can be its second.
    if (!("job" in stored.value) || stored.value.provisional) continue;
    const { id, createdAt } = stored.value.job;
    created.push({ shard, stored, createdAt });
    known.add(id);
  }
  const others = jobs.filter(({ id }) => !known.has(id));
  for (const { shard, stored, createdAt } of created) {
    const near = { from: createdAt - nearMs, to: createdAt + nearMs };
    const identified = await identify(engine, shard, others, near, context);
    const { found } = search(identified.jobs, soughtOf(engine, shard, stored.value));
    const seconds = found.filter(({ status }) => status !== "failed").map(({ id }) => id);
    await record(engine, shard, stored, { came: "audited", others: seconds });
  }
}

/** What the user is told about each job that may be paid in vain. */
export function duplicateErrors(
  { id, provider }: Pick<EngineContext, "id" | "provider">,
  { round, shard }: Pick<Shard, "round" | "shard">,
  job: JobRecord,
): readonly LangBatchError[] {
  const counts = "job" in job ? job.job.id : "none";
  return (job.duplicates ?? []).map(
    (duplicate) =>
      new LangBatchError(
        "duplicate_job",
        `${provider.id} has a second job ${duplicate} for shard ${shard}, round ${round}, of batch ${id}; the one that counts is ${counts}. Cancel it at the provider, and see to it that nothing in between repeats the creation of batches.`,
        { provider: provider.id },
      ),
  );
}
