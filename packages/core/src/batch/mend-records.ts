import { LangBatchError } from "../errors.js";
import { readDamaged, writeRecord } from "../storage/record-store.js";
import type { OpenBatch } from "./open-batch.js";
import { type JobRecord, jobKey, shardKey } from "./records.js";

/**
 * Puts a doubt in the place of every job record that nobody can read: its job is then looked for at
 * the provider as after any lost answer. The damaged bytes are kept in a blob.
 *
 * @returns one error for each record that was mended.
 */
export async function mendRecords({
  record,
  engine,
  shards,
}: OpenBatch): Promise<readonly LangBatchError[]> {
  const { id, storage, ports, settleMs } = engine;
  const mended: LangBatchError[] = [];
  for (const { round, shard } of shards) {
    const key = jobKey(id, round, shard);
    const damaged = await readDamaged(storage, key);
    if (!damaged) continue;
    const kept = await keep(
      engine,
      (number) => shardKey(id, round, shard, `damaged-${number}`),
      damaged.bytes,
    );
    const doubt: JobRecord = {
      state: "unknown",
      tries: 1,
      life: engine.life,
      since: record.startedAt ?? record.createdAt,
      sendBy: record.startedAt ?? record.createdAt,
      settleMs,
      answer: "What was recorded of it could not be read.",
    };
    await writeRecord(storage, key, doubt, { expected: damaged.revision, writeId: ports.newId() });
    mended.push(
      new LangBatchError(
        "storage_failed",
        `The record ${key} was damaged. Its bytes are kept in ${kept}, and its job is looked for at the provider.`,
      ),
    );
  }
  return mended;
}

async function keep(
  { storage }: OpenBatch["engine"],
  keyOf: (number: number) => string,
  bytes: Uint8Array,
): Promise<string> {
  async function* once(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  for (let number = 0; ; number += 1) {
    try {
      await storage.writeBlob(keyOf(number), once());
      return keyOf(number);
    } catch (error) {
      if (!LangBatchError.is(error, "storage_conflict")) throw error;
    }
  }
}
