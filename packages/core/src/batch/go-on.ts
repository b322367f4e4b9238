import type { Shard } from "../engine/context.js";
import { isTerminal } from "../engine/evolve.js";
import { isWaitingForRoom, makeRoom } from "../engine/room.js";
import type { Runner } from "../engine/runner.js";
import { isForSending, sendShards } from "../engine/send.js";
import type { Tell } from "../engine/tell-once.js";
import { unseenError } from "../engine/unseen-error.js";
import { collectJobs, readJobs, watchJobs } from "../engine/work.js";
import type { LangBatchError } from "../errors.js";
import type { Job } from "../provider/provider.js";
import { heedCancel, type OpenBatch } from "./open-batch.js";
import { isHome, type JobRecord, plannedJob } from "./records.js";

/** Does something, and tells of a failure that may pass instead of throwing it. */
export type Tolerate = <T>(work: () => Promise<T>) => Promise<T | undefined>;

/** One round of waiting: what is known after it, and when something can be done without a poll. */
export interface Round {
  readonly jobs: readonly JobRecord[];
  readonly seen: ReadonlyMap<Shard, Job> | undefined;
  readonly wakeAt: number;
  /** Why the provider will not take some of the shards. */
  readonly refusals: readonly LangBatchError[];
}

/**
 * Everything that can be done for a batch now. Where all its jobs run, that is one look at each record
 * and one question to the provider.
 */
export async function goOn(
  open: OpenBatch,
  {
    signal,
    tell,
    tellDoubt,
    tolerate,
    runner,
  }: {
    readonly signal: AbortSignal | undefined;
    /** Where the jobs are run in this process. */
    readonly runner: Runner | undefined;
    readonly tell: Tell;
    readonly tellDoubt: Tell;
    readonly tolerate: Tolerate;
  },
): Promise<Round> {
  const { engine, shards } = open;
  await tolerate(() => heedCancel(open, signal));
  let jobs = await readJobs(engine, shards);
  const isUnsent = jobs.some((job) => isForSending(engine, job));
  const sent = isUnsent
    ? await tolerate(() => sendShards(engine, shards, jobs, signal))
    : undefined;
  if (isUnsent) jobs = await readJobs(engine, shards);

  const watched = await tolerate(async () =>
    runner ? runner.attend(shards, jobs) : watchJobs(engine, shards, jobs, signal),
  );
  const ended = (shard: Shard): boolean => {
    const seen = watched?.seen.get(shard);
    return seen !== undefined && isTerminal(seen.status);
  };
  const uncollected = shards.filter((shard, at) => jobs[at]?.state === "terminal" || ended(shard));
  const again =
    uncollected.length > 0
      ? await tolerate(() => collectJobs(engine, uncollected, signal))
      : undefined;
  if (uncollected.length > 0) jobs = await readJobs(engine, shards);
  const places = shards.filter(
    (shard, at) => ended(shard) && isHome(jobs[at] ?? plannedJob),
  ).length;
  const hasRoom = places > 0;
  if (hasRoom) await makeRoom(engine, shards, jobs, places);

  for (const doubt of [...(sent?.doubts ?? []), ...(sent?.refusals ?? [])]) tellDoubt(doubt);
  for (const id of watched?.unseen ?? []) tell(unseenError(engine.provider, id));
  const never = Number.POSITIVE_INFINITY;
  const isWaitedFor = sent?.isFull || jobs.some(isWaitingForRoom);
  const roomAt = hasRoom && isWaitedFor ? engine.now() : never;
  const wakeAt = Math.min(sent?.soon ?? never, sent?.later ?? never, again ?? never, roomAt);
  return { jobs, seen: watched?.seen, wakeAt, refusals: sent?.refusals ?? [] };
}
