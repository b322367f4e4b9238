import type { EngineContext, Shard } from "../engine/context.js";
import { closeUnsent } from "../engine/work.js";
import type { Line } from "../jsonl/read-lines.js";
import { plan, removePlan } from "../plan/plan.js";
import { type SettledShard, unsuccessfulRequests } from "../results/read-results.js";
import { settledShards } from "./open-batch.js";
import { type Place, updateBatch } from "./place.js";
import type { BatchRecord } from "./records.js";
import { takeRound, traitsOf } from "./store.js";

/**
 * Plans a new round of the requests that have no success. Nothing is planned where all have one.
 *
 * @throws `not_ready` while anything still runs.
 */
export async function planRetry(
  place: Place,
  engine: EngineContext,
  shards: readonly Shard[],
): Promise<BatchRecord | undefined> {
  const before = shards.at(-1)?.round;
  // What was refused must not be sent by anybody once it is part of a new round.
  await closeUnsent(engine, shards);
  const settled = await settledShards(engine, shards);

  if (!(await hasAny(requestsToRepeat(place, settled)))) return undefined;
  const round = await takeRound(place);
  const traits = await traitsOf(place);
  const planned = await plan(requestsToRepeat(place, settled), {
    ...place,
    round,
    traits,
    noun: "Item",
    hashInput: false,
  });
  const record = await updateBatch(place, (newest) => {
    // Another process planned a retry of the same requests meanwhile: that one counts.
    if (newest.rounds.at(-1)?.round !== before) return newest;
    const { cancelRequestedAt: _settled, ...rest } = newest;
    return { ...rest, rounds: [...newest.rounds, planned.round] };
  });
  if (record.rounds.at(-1)?.round !== round) {
    await removePlan(place.storage, { ...planned.round, id: place.id });
  }
  return record;
}

async function hasAny(lines: AsyncIterable<unknown>): Promise<boolean> {
  for await (const _some of lines) return true;
  return false;
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
