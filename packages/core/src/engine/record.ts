import { type JobRecord, jobKey, plannedJob } from "../batch/records.js";
import { LangBatchError } from "../errors.js";
import { readRecord, type Stored, writeRecord } from "../storage/record-store.js";
import type { EngineContext, Shard } from "./context.js";
import { evolve, type Outcome } from "./evolve.js";

const ofOneRecord: ReadonlySet<Outcome["came"]> = new Set<Outcome["came"]>([
  "found",
  "absent",
  "inconclusive",
  "condemned",
  "fenced",
  "given-up",
  "leased",
  "short",
  "no-room",
  "stranger",
  "collected",
]);

/** Whose job a record is of. */
type ShardNumber = Pick<Shard, "round" | "shard">;

/** The record of a shard's job; a planned job where there is none. */
export async function readJob(
  engine: Pick<EngineContext, "id" | "storage">,
  shard: ShardNumber,
): Promise<Stored<JobRecord>> {
  const key = jobKey(engine.id, shard.round, shard.shard);
  return (
    (await readRecord<JobRecord>(engine.storage, key)) ?? { value: plannedJob, revision: null }
  );
}

/**
 * Records what came of something. Where somebody else wrote first, it is said again to what they
 * wrote: a job that was created must not be forgotten because another process asked to cancel it. But
 * what follows from looking, or from reading a job's results, holds for the record that was read, and
 * for no other: meanwhile the next create may have been sent, and be the one that is looked for, or its
 * job may have ended.
 */
export async function record(
  engine: Pick<EngineContext, "id" | "storage" | "ports" | "life" | "now" | "company">,
  shard: ShardNumber,
  before: Stored<JobRecord>,
  outcome: Outcome,
): Promise<Stored<JobRecord>> {
  const key = jobKey(engine.id, shard.round, shard.shard);
  for (let stored = before; ; stored = await readJob(engine, shard)) {
    const next = evolve(stored.value, outcome, engine.life, engine.now());
    if (next === stored.value) return stored;
    const options = { expected: stored.revision, writeId: engine.ports.newId() };
    try {
      return await writeRecord(engine.storage, key, next, options);
    } catch (error) {
      if (!LangBatchError.is(error, "storage_conflict")) throw error;
      engine.company.meet();
      if (ofOneRecord.has(outcome.came)) return readJob(engine, shard);
    }
  }
}
