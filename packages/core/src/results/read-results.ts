import { isHome, type JobRecord, shardKey } from "../batch/records.js";
import type { EngineContext, Shard } from "../engine/context.js";
import { type LineFilter, readLines } from "../jsonl/read-lines.js";
import type { ResultError } from "../provider/wire.js";
import type { Storage } from "../storage/storage.js";
import { unansweredResults } from "./collect.js";
import { isSuccessLine, lineCursor, mergeRounds, type ResultLines } from "./merge-rounds.js";

/** A shard and where its job stands. */
export interface SettledShard {
  readonly shard: Shard;
  readonly job: JobRecord;
}

/** The part of the engine that reading needs. */
type Place = Pick<EngineContext, "id"> & { readonly storage: Storage };

/** The result lines of a whole batch, in input order. All its jobs must be settled. */
export function batchResults(place: Place, shards: readonly SettledShard[]): ResultLines {
  const rounds = [...new Set(shards.map(({ shard }) => shard.round))].toSorted((a, b) => a - b);
  return mergeRounds(
    rounds.map((round) =>
      roundResults(
        place,
        shards.filter(({ shard }) => shard.round === round),
      ),
    ),
  );
}

/**
 * The request lines that have no success, in input order, byte for byte; of these, only those whose
 * result line `isWanted`.
 */
export async function* unsuccessfulRequests(
  place: Place,
  shards: readonly SettledShard[],
  isWanted: (result: Buffer) => boolean = () => true,
): AsyncGenerator<readonly Buffer[]> {
  const results = lineCursor(batchResults(place, shards));
  try {
    for await (const requests of requestLines(
      place,
      shards.map(({ shard }) => shard),
    )) {
      const unsuccessful: Buffer[] = [];
      for (const request of requests) {
        const result = await results.current();
        results.advance();
        if (!result || (!isSuccessLine(result) && isWanted(result))) unsuccessful.push(request);
      }
      if (unsuccessful.length > 0) yield unsuccessful;
    }
  } finally {
    await results.close();
  }
}

/**
 * Every request line of the batch, in input order: the first round asked for all of them. At least
 * those that `mayBeWanted`. `shards` are those of all rounds, oldest first.
 */
export async function* requestLines(
  { id, storage }: Place,
  shards: readonly Shard[],
  mayBeWanted?: LineFilter,
): AsyncGenerator<readonly Buffer[]> {
  const first = shards[0]?.round;
  for (const { round, shard } of shards) {
    if (round !== first) continue;
    yield* buffers(storage.readBlob(shardKey(id, round, shard, "input")), mayBeWanted);
  }
}

/** How many bytes of results are stored: what holding all of them in memory would take, at least. */
export function storedResultBytes(shards: readonly SettledShard[]): number {
  return shards.reduce((sum, { job }) => sum + (isHome(job) ? job.results.bytes : 0), 0);
}

async function* roundResults(
  { id, storage }: Place,
  shards: readonly SettledShard[],
): AsyncGenerator<readonly Buffer[]> {
  for (const { shard, job } of shards) {
    const key = (blob: Parameters<typeof shardKey>[3]) =>
      shardKey(id, shard.round, shard.shard, blob);
    yield* isHome(job)
      ? buffers(storage.readBlob(key(`results-${job.results.number}`)))
      : buffers(unansweredResults(storage.readBlob(key("input")), reasonOfUnsent(job)));
  }
}

/** Why requests never became part of a job. */
function reasonOfUnsent(job: JobRecord): ResultError {
  if (job.state === "rejected") return { code: job.refusal.code, message: job.refusal.message };
  return { code: "batch_cancelled", message: "The batch was cancelled before this was sent." };
}

async function* buffers(
  chunks: AsyncIterable<Uint8Array>,
  mayBeWanted?: LineFilter,
): AsyncGenerator<readonly Buffer[]> {
  for await (const lines of readLines(chunks, mayBeWanted && { mayBeWanted })) {
    yield lines.map(({ bytes }) => bytes);
  }
}
