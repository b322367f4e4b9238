import type { Lease } from "../batch/lease.js";
import { type JobRecord, shardKey } from "../batch/records.js";
import { LangBatchError } from "../errors.js";
import type { BatchProvider, Job } from "../provider/provider.js";
import { openJournal } from "../storage/open-journal.js";
import type { Stored } from "../storage/record-store.js";
import type { EngineContext, Shard } from "./context.js";
import { isTerminal, type Outcome } from "./evolve.js";
import { keepLease } from "./keep-lease.js";
import { readJob, record } from "./record.js";
import type { RunningProvider } from "./runs-here.js";
import { openInput, shardInput } from "./shard-input.js";

/** What of a job is run, and who is told. */
interface RunOptions {
  /** Who had the job when it was seen to be free. */
  readonly from: Lease | undefined;
  readonly signal: AbortSignal;
  /** Called with how far it has come. */
  readonly onJob: (job: Job) => void;
}

/**
 * Runs one job in this process, as long as it has the lease: resolves at once where another process was
 * faster. It stops when `signal` is aborted, when the job is cancelled, and when another process takes it;
 * what is in the journal by then stays.
 *
 * @throws what the provider or the storage threw; the signal's reason.
 */
export async function runJob(
  engine: EngineContext & { readonly provider: RunningProvider },
  shard: Shard,
  { from, signal, onJob }: RunOptions,
): Promise<void> {
  const { leaseMs, life, provider, endpoint } = engine;
  const since = engine.now();
  const { value } = await tell(engine, shard, { came: "leased", leaseMs, from });
  if (value.state !== "submitted" || value.lease?.life !== life) return;
  let latest = value.job;
  if (value.cancelRequested) return recordEnd(engine, shard, cancelled(latest));

  const kept = keepLease(engine, shard, { since, signal, latest: () => latest });
  try {
    const input = await openInput(engine, shard);
    try {
      const sent = shardInput(latest.tag ?? latest.id, shard, input);
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

function cancelled(job: Job): Job {
  return { ...job, status: "cancelled", rawStatus: "cancelled" };
}

async function recordEnd(engine: EngineContext, shard: Shard, job: Job): Promise<void> {
  await tell(engine, shard, { came: "seen", job });
}

async function tell(
  engine: EngineContext,
  shard: Shard,
  outcome: Outcome,
): Promise<Stored<JobRecord>> {
  return record(engine, shard, await readJob(engine, shard), outcome);
}

function unfinishedError({ id }: BatchProvider, { status }: Job): LangBatchError {
  const message = `The provider ${id} has stopped running a job although it is ${status}. This is a mistake of the provider's.`;
  return new LangBatchError("provider_failed", message, { provider: id });
}
