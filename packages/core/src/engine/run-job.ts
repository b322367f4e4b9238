import type { JobRecord, SubmittedJob } from "../batch/records.js";
import { shardKey } from "../batch/records.js";
import { LangBatchError } from "../errors.js";
import type { BatchProvider, Job } from "../provider/provider.js";
import { openJournal } from "../storage/open-journal.js";
import type { Stored } from "../storage/record-store.js";
import type { EngineContext, Shard } from "./context.js";
import { isTerminal, type Outcome } from "./evolve.js";
import { keepLease } from "./keep-lease.js";
import { readJob, record } from "./record.js";
import type { RunningProvider } from "./runs-here.js";
import { openInput } from "./shard-input.js";

/**
 * Runs one job in this process, as long as it has the lease, which it takes from the record that was
 * `found`: resolves at once where another process was faster. It stops when `signal` is aborted, when the
 * job is cancelled, and when another process takes it; what is in the journal by then stays.
 *
 * @param onJob - called with how far it has come.
 * @throws what the provider or the storage threw; the signal's reason.
 */
export async function runJob(
  engine: EngineContext & { readonly provider: RunningProvider },
  shard: Shard,
  found: Stored<JobRecord & SubmittedJob>,
  { signal, onJob }: { readonly signal: AbortSignal; readonly onJob: (job: Job) => void },
): Promise<void> {
  const { leaseMs, life, provider, endpoint } = engine;
  const { lease: from } = found.value;
  const since = engine.now();
  const { value } = await record(engine, shard, found, { came: "leased", leaseMs, from });
  if (value.state !== "submitted" || value.lease?.life !== life) return;
  let latest = value.job;
  if (value.cancelRequested) return recordEnd(engine, shard, cancelled(latest));

  const kept = keepLease(engine, shard, { since, signal, latest: () => latest });
  try {
    const input = await openInput(engine, shard);
    try {
      const sent = { ...shardInput(latest, shard), data: input.data };
      const journal = openJournal(
        engine.storage,
        shardKey(engine.id, shard.round, shard.shard, "journal"),
      );
      const context = { endpoint: endpoint.url, signal: kept.signal };
      for await (const job of provider.run(latest, sent, journal, context)) {
        latest = job;
        onJob(job);
      }
    } finally {
      await input.close();
    }
    if (!isTerminal(latest.status)) throw unfinishedError(provider, latest);
  } catch (error) {
    const why = await kept.stop();
    if (why === "lost") return;
    if (why === "cancelled") return recordEnd(engine, shard, cancelled(latest));
    // What was wrong counts, not that nobody can be told that it runs no longer: its lease will end.
    await tell(engine, shard, { came: "let-go", job: latest }).catch(() => {});
    throw error;
  }
  await kept.stop();
  await recordEnd(engine, shard, latest);
}

function shardInput(job: Job, { requests, model }: Shard) {
  const tag = job.tag ?? job.id;
  return { tag, name: `${tag}.jsonl`, requests, model };
}

function cancelled(job: Job): Job {
  return { ...job, status: "cancelled", rawStatus: "cancelled" };
}

function recordEnd(engine: EngineContext, shard: Shard, job: Job): Promise<void> {
  return tell(engine, shard, { came: "seen", job });
}

async function tell(engine: EngineContext, shard: Shard, outcome: Outcome): Promise<void> {
  await record(engine, shard, await readJob(engine, shard), outcome);
}

function unfinishedError({ id }: BatchProvider, { status }: Job): LangBatchError {
  const message = `The provider ${id} has stopped running a job although it is ${status}. This is a mistake of the provider's.`;
  return new LangBatchError("provider_failed", message, { provider: id });
}
