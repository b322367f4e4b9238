import type { Shard } from "../engine/context.js";
import { isTerminal } from "../engine/evolve.js";
import { isForSending, sendShards } from "../engine/send.js";
import type { Tell } from "../engine/tell-once.js";
import { unseenError } from "../engine/unseen-error.js";
import { collectJobs, readJobs, watchJobs } from "../engine/work.js";
import type { Job } from "../provider/provider.js";
import { heedCancel, type OpenBatch } from "./open-batch.js";
import type { JobRecord } from "./records.js";

/** Does something, and tells of a failure that may pass instead of throwing it. */
export type Tolerate = <T>(work: () => Promise<T>) => Promise<T | undefined>;

/** One round of waiting: what is known after it, and when something can be done without a poll. */
export interface Round {
  readonly jobs: readonly JobRecord[];
  readonly seen: ReadonlyMap<Shard, Job> | undefined;
  readonly wakeAt: number;
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
  }: {
    readonly signal: AbortSignal | undefined;
    readonly tell: Tell;
    readonly tellDoubt: Tell;
    readonly tolerate: Tolerate;
  },
): Promise<Round> {
  const { engine, shards } = open;
  await tolerate(() => heedCancel(open, signal));
  let jobs = await readJobs(engine, shards);
  const isIn = (test: (job: JobRecord) => boolean) => (_shard: Shard, at: number) => {
    const job = jobs[at];
    return job !== undefined && test(job);
  };

  const unsent = shards.filter(isIn((job) => isForSending(engine, job)));
  const waiting =
    unsent.length > 0 ? await tolerate(() => sendShards(engine, unsent, signal)) : undefined;
  if (unsent.length > 0) jobs = await readJobs(engine, shards);

  const watched = await tolerate(() => watchJobs(engine, shards, jobs, signal));
  const ended = shards.filter((shard, at) => {
    const seen = watched?.seen.get(shard);
    return jobs[at]?.state === "terminal" || (seen !== undefined && isTerminal(seen.status));
  });
  const again =
    ended.length > 0 ? await tolerate(() => collectJobs(engine, ended, signal)) : undefined;
  if (ended.length > 0) jobs = await readJobs(engine, shards);

  for (const doubt of waiting?.doubts ?? []) tellDoubt(doubt);
  for (const id of watched?.unseen ?? []) tell(unseenError(engine.provider, id));
  const never = Number.POSITIVE_INFINITY;
  const wakeAt = Math.min(waiting?.soon ?? never, waiting?.later ?? never, again ?? never);
  return { jobs, seen: watched?.seen, wakeAt };
}
