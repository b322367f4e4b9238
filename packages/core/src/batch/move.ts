import { movedError } from "../engine/work.js";
import { LangBatchError } from "../errors.js";
import { readPlan } from "../plan/plan.js";
import { readRecord, type Stored, writeRecord } from "../storage/record-store.js";
import type { Storage } from "../storage/storage.js";
import { awaitRunsEnd } from "./await-runs-end.js";
import { type Place, writeBatch } from "./place.js";
import {
  type BatchRecord,
  batchKey,
  blobsPrefix,
  type JobRecord,
  jobKey,
  plannedJob,
} from "./records.js";

/**
 * Moves a stored batch to another storage. The old place is marked first and every job there is
 * closed as it is copied, so that whoever still works there stops: two live copies would share no
 * compare-and-swap, and pay twice. An interrupted move goes on when it is called again. Where nothing
 * is stored yet, there is nothing to do.
 *
 * @throws `batch_moved` where it has left already.
 * @throws `storage_conflict` where the target holds another batch under this id.
 */
export async function moveBatch(place: Place, target: Storage): Promise<void> {
  const { id, storage, ports } = place;
  const marked = await mark(place);
  if (!marked) return;
  const there = await readRecord<BatchRecord>(target, batchKey(id));
  if (there && there.value.nonce !== marked.value.nonce) {
    throw new LangBatchError("storage_conflict", `The target storage has another batch ${id}.`);
  }
  const { moved: left, ...record } = marked.value;
  if (there?.value.moved === "moving") {
    // Another handle on the same place: nothing to move.
    await writeBatch(place, record, marked.revision);
    return;
  }
  // What is there is either what an interrupted move has finished, or a note of having left it.
  const isThere = there !== undefined && there.value.moved === undefined;
  if (left === "moved" && !isThere) throw movedError(id);
  if (!isThere) {
    await copyBatch(place, target, record);
    await writeBatch({ id, storage: target, ports }, record, there?.revision ?? null);
  }
  if (left !== "moved") await writeBatch(place, { ...record, moved: "moved" }, marked.revision);
  for await (const key of storage.list(blobsPrefix(id))) await storage.remove(key);
}

/** Notes in the batch's record that it is about to leave; `undefined` where there is none. */
async function mark(place: Place): Promise<Stored<BatchRecord> | undefined> {
  for (;;) {
    const stored = await readRecord<BatchRecord>(place.storage, batchKey(place.id));
    if (!stored || stored.value.moved !== undefined) return stored;
    try {
      return await writeBatch(place, { ...stored.value, moved: "moving" }, stored.revision);
    } catch (error) {
      if (!LangBatchError.is(error, "storage_conflict")) throw error;
    }
  }
}

async function copyBatch(place: Place, target: Storage, { rounds }: BatchRecord): Promise<void> {
  const { id, storage } = place;
  const keys: string[] = [];
  for (const { round } of rounds) {
    for (const { shard } of await readPlan(storage, id, round)) {
      keys.push(jobKey(id, round, shard));
    }
  }
  await awaitRunsEnd(place, keys);
  for (const key of keys) await moveJob(place, target, key);
  // After the jobs are closed: nobody stores results here any more that would count.
  await copyBlobs(storage, target, blobsPrefix(id));
}

/** Copies a job's record, and closes the old one unless it has changed meanwhile: then again. */
async function moveJob({ storage, ports }: Place, target: Storage, key: string): Promise<void> {
  for (;;) {
    const here = (await readRecord<JobRecord>(storage, key)) ?? {
      value: plannedJob,
      revision: null,
    };
    // An interrupted move has copied it already.
    if (here.value.state === "moved") return;
    const there = await readRecord<JobRecord>(target, key);
    const expected = there?.revision ?? null;
    await writeRecord(target, key, here.value, { expected, writeId: ports.newId() });
    try {
      const closed: JobRecord = { tries: here.value.tries, state: "moved" };
      await writeRecord(storage, key, closed, { expected: here.revision, writeId: ports.newId() });
      return;
    } catch (error) {
      if (!LangBatchError.is(error, "storage_conflict")) throw error;
    }
  }
}

async function copyBlobs(from: Storage, to: Storage, prefix: string): Promise<void> {
  for await (const key of from.list(prefix)) {
    try {
      await to.writeBlob(key, from.readBlob(key));
    } catch (error) {
      // There since an interrupted move: a blob appears as a whole, and is written once.
      if (!LangBatchError.is(error, "storage_conflict")) throw error;
    }
  }
}
