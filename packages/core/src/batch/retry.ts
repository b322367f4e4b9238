import { closeUnsent, collectAll, readJobs, watchJobs } from "../engine/work.js";
import type { Line } from "../jsonl/read-lines.js";
import { plan, removePlan } from "../plan/plan.js";
import { type SettledShard, unsuccessfulRequests } from "../results/read-results.js";
import { type OpenBatch, settledShards } from "./open-batch.js";
import { type Place, updateBatch } from "./place.js";
import { look } from "./status.js";
import { takeRound, traitsOf } from "./store.js";

/**
 * Brings home what has ended, and plans a new round of the requests that have no success.
 *
 * @returns whether anything was planned: where every request has a success, nothing is.
 * @throws `not_ready` while anything still runs.
 */
export async function planRetry(
  place: Place,
  { record, engine, shards }: OpenBatch,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const before = shards.at(-1)?.round;
  await watchJobs(engine, shards, await readJobs(engine, shards), signal);
  await collectAll(engine, shards, signal);
  // What was refused must not be sent by anybody once it is part of a new round.
  await closeUnsent(engine, shards);
  const settled = await settledShards(engine, shards);

  const jobs = settled.map(({ job }) => job);
  if (look(record, shards, jobs).counts.unsuccessful === 0) return false;

  const round = await takeRound(place);
  const traits = await traitsOf(place);
  const planned = await plan(requestsToRepeat(place, settled), {
    ...place,
    round,
    traits,
    noun: "Item",
    hashInput: false,
  });
  const updated = await updateBatch(place, (newest) => {
    // Another process planned a retry of the same requests meanwhile: that one counts.
    if (newest.rounds.at(-1)?.round !== before) return newest;
    const { cancelRequestedAt: _settled, ...rest } = newest;
    return { ...rest, rounds: [...newest.rounds, planned.round] };
  });
  if (updated.rounds.at(-1)?.round !== round) {
    await removePlan(place.storage, { ...planned.round, id: place.id });
  }
  return true;
}

async function* requestsToRepeat(
  place: Place,
  settled: readonly SettledShard[],
): AsyncGenerator<readonly Line[]> {
  let number = 0;
  for await (const requests of unsuccessfulRequests(place, settled)) {
    yield requests.map((bytes) => {
      number += 1;
      return { number, bytes, length: bytes.length };
    });
  }
}
