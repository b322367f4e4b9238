import { createHash } from "node:crypto";
import { readLines } from "../jsonl/read-lines.js";
import { topLevelString } from "../jsonl/top-level-value.js";
import type { CallContext, Job } from "../provider/provider.js";
import { isWithin, requestIds } from "../results/request-ids.js";
import { readRecord, type Stored, writeRecord } from "../storage/record-store.js";
import type { Storage } from "../storage/storage.js";
import { inputsOf, recordRound, type StoredRound, storeRound } from "./rebuild-round.js";
import { type BatchRecord, batchKey, blobsPrefix } from "./records.js";
import type { Rebuilding, RecoveredBatch } from "./recovered-batch.js";
import { shownRounds } from "./shown-rounds.js";

/** A batch of which the provider shows jobs. */
export interface ShownBatch {
  readonly id: string;
  readonly nonce: string;
  readonly jobs: readonly Job[];
}

/**
 * Stores a batch as if its jobs had been submitted from here: the inputs as the provider gives them
 * back, a plan and a record for each job. The rounds come into the batch's record at last, so that an
 * interrupted rebuild is simply begun again.
 */
export async function rebuildBatch(
  world: Rebuilding,
  { id, nonce, jobs }: ShownBatch,
  signal: AbortSignal | undefined,
): Promise<RecoveredBatch> {
  const { storage, ports } = world;
  const context: CallContext = { endpoint: "", ...(signal && { signal }) };
  const shown = shownRounds(jobs);
  const nextRound = Math.max(...shown.map(({ round }) => round)) + 1;
  const times = jobs.map(({ createdAt }) => createdAt).filter((time) => time > 0);
  const createdAt = Math.min(...times, ports.now());
  const opened = await openRecord(world, { id, nonce, nextRound, createdAt });

  const rounds: StoredRound[] = [];
  const problems: string[] = [];
  for (const round of shown) {
    const stored = await storeRound(world, id, round, context, problems);
    const before = rounds.at(-1);
    if (stored.shards.length === 0) continue;
    if (before && !(await isPartOf(storage, id, stored, before))) {
      problems.push(
        `Round ${stored.round} asks for requests that no job of an earlier round shows. Take its jobs over with \`adopt\`: ${stored.shards.map(({ shown: { job } }) => job.id).join(", ")}.`,
      );
      continue;
    }
    rounds.push(stored);
  }

  const [first] = rounds;
  const endpoint = jobs[0]?.endpoint ?? (first && (await urlOfFirst(storage, id, first)));
  if (!first || endpoint === undefined) {
    await storage.remove(batchKey(id));
    return { id, endpoint, jobs: 0, state: "lost", problems };
  }
  const records = [];
  for (const round of rounds) records.push(await recordRound(world, id, round));
  const rebuilt: BatchRecord = {
    ...opened.value,
    endpoint,
    rounds: records,
    startedAt: ports.now(),
    ...(id.startsWith("key_") && { inputSha256: await hashOf(storage, id, first) }),
  };
  const options = { expected: opened.revision, writeId: ports.newId() };
  await writeRecord(storage, batchKey(id), rebuilt, options);
  const count = rounds.reduce((sum, { shards }) => sum + shards.length, 0);
  return { id, endpoint, jobs: count, state: "recovered", problems };
}

/** The batch's record before it has rounds; what an interrupted rebuild has left is removed. */
async function openRecord(
  { storage, provider, ports }: Rebuilding,
  known: Pick<BatchRecord, "id" | "nonce" | "nextRound" | "createdAt">,
): Promise<Stored<BatchRecord>> {
  const { id } = known;
  const there = await readRecord<BatchRecord>(storage, batchKey(id));
  for (const prefix of there ? [blobsPrefix(id), `jobs/${id}/`] : []) {
    for await (const key of storage.list(prefix)) await storage.remove(key);
  }
  const record: BatchRecord = {
    ...known,
    ...{ endpoint: "", rounds: [] },
    provider: provider.id,
    settings: provider.settings,
  };
  const options = { expected: there?.revision ?? null, writeId: ports.newId() };
  return writeRecord(storage, batchKey(id), record, options);
}

function isPartOf(
  storage: Storage,
  id: string,
  later: StoredRound,
  earlier: StoredRound,
): Promise<boolean> {
  return isWithin(
    requestIds(inputsOf(storage, id, later)),
    requestIds(inputsOf(storage, id, earlier)),
  );
}

async function urlOfFirst(
  storage: Storage,
  id: string,
  round: StoredRound,
): Promise<string | undefined> {
  for (const input of inputsOf(storage, id, round)) {
    for await (const [line] of readLines(input)) {
      if (line) return topLevelString(line.bytes, "url");
    }
  }
  return undefined;
}

/** What the whole input has with a `key`, so that the same key and input lead here again. */
async function hashOf(storage: Storage, id: string, round: StoredRound): Promise<string> {
  const hash = createHash("sha256");
  for (const input of inputsOf(storage, id, round)) {
    for await (const chunk of input) hash.update(chunk);
  }
  return hash.digest("hex");
}
