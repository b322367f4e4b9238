import type { EngineContext, Shard } from "../engine/context.js";
import { cancelJobs, collectAll, readJobs, watchJobs } from "../engine/work.js";
import { LangBatchError } from "../errors.js";
import { readPlan } from "../plan/plan.js";
import type { SettledShard } from "../results/read-results.js";
import { auditAtEnd } from "./auditor.js";
import { openEngine, type Place, readBatch } from "./place.js";
import type { Observation } from "./progress.js";
import type { BatchRecord } from "./records.js";
import type { ReadableBatch } from "./results.js";
import { isSettled } from "./status.js";

/** A stored batch, and a run of the engine on it. */
export interface OpenBatch {
  readonly record: BatchRecord;
  readonly engine: EngineContext;
  /** Those of all rounds, oldest first. */
  readonly shards: readonly Shard[];
}

/** Opens a batch whose record was read. */
export async function openBatch(place: Place, record: BatchRecord): Promise<OpenBatch> {
  return { record, engine: openEngine(place, record), shards: await shardsOf(place, record) };
}

/** Opens a batch that must have been started. @throws `invalid_state` */
export async function openStarted(place: Place): Promise<OpenBatch> {
  const stored = await readBatch(place);
  if (stored?.value.startedAt !== undefined) return openBatch(place, stored.value);
  throw new LangBatchError(
    "invalid_state",
    `The batch ${place.id} was not started. Call start() first.`,
  );
}

/** The plans that were read already: a plan never changes. */
export type KnownPlans = Map<number, readonly Shard[]>;

/** The shards of all rounds, oldest first. */
export async function shardsOf(
  { id, storage }: Pick<Place, "id" | "storage">,
  { rounds }: BatchRecord,
  known: KnownPlans = new Map(),
): Promise<readonly Shard[]> {
  for (const { round } of rounds) {
    if (known.has(round)) continue;
    const planned = await readPlan(storage, id, round);
    known.set(
      round,
      planned.map((shard) => ({ ...shard, round })),
    );
  }
  return rounds.flatMap(({ round }) => known.get(round) ?? []);
}

/**
 * Sees to it that a recorded wish to cancel has reached every job: whoever recorded it may have died
 * before it did.
 */
export async function heedCancel(
  { record, engine, shards }: OpenBatch,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (record.cancelRequestedAt !== undefined) await cancelJobs(engine, shards, signal);
}

/** Asks the provider, records what has ended, and says what is known then. */
export async function observe(
  { record, engine, shards }: OpenBatch,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  const { seen } = await watchJobs(engine, shards, await readJobs(engine, shards), signal);
  return { record, shards, jobs: await readJobs(engine, shards), seen, now: engine.now() };
}

/**
 * Brings home what has ended, after asking about what had not.
 *
 * @throws `not_ready` where something still runs.
 */
export async function bringHome(
  { engine, shards }: OpenBatch,
  signal: AbortSignal | undefined,
): Promise<ReadableBatch> {
  const jobs = await readJobs(engine, shards);
  if (!jobs.every(isSettled)) {
    await watchJobs(engine, shards, jobs, signal);
    await collectAll(engine, shards, signal);
    const settled = await settledShards(engine, shards);
    await auditAtEnd(engine, shards, signal);
    const { id, storage } = engine;
    return { id, storage, shards: settled };
  }
  const { id, storage } = engine;
  return { id, storage, shards: pair(shards, jobs) };
}

/** The shards with their jobs. @throws `not_ready` where one is not settled. */
export async function settledShards(
  engine: EngineContext,
  shards: readonly Shard[],
): Promise<readonly SettledShard[]> {
  const jobs = await readJobs(engine, shards);
  if (!jobs.every(isSettled)) {
    throw new LangBatchError(
      "not_ready",
      `The batch ${engine.id} is still running. Call wait(), or come back when getStatus() says it has ended.`,
      { retryable: true },
    );
  }
  return pair(shards, jobs);
}

/** The batch as far as it is stored, settled or not: enough to read its requests. */
export async function readable({ engine, shards }: OpenBatch): Promise<ReadableBatch> {
  const { id, storage } = engine;
  return { id, storage, shards: pair(shards, await readJobs(engine, shards)) };
}

function pair(
  shards: readonly Shard[],
  jobs: readonly SettledShard["job"][],
): readonly SettledShard[] {
  return shards.flatMap((shard, at) => {
    const job = jobs[at];
    return job ? [{ shard, job }] : [];
  });
}
