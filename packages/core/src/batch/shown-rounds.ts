import { parseTag } from "../engine/tag.js";
import type { Job } from "../provider/provider.js";

/** A round, as far as the provider shows jobs of it. */
export interface ShownRound {
  readonly round: number;
  /** In their order; numbers may be missing. */
  readonly shards: readonly ShownShard[];
}

/** A shard, and what the provider shows of it. */
export interface ShownShard {
  readonly shard: number;
  readonly tries: number;
  readonly job: Job;
  /** The ids of further jobs of the same requests. */
  readonly others: readonly string[];
}

/** The rounds and shards that the tags of a batch's jobs speak of. */
export function shownRounds(jobs: readonly Job[]): readonly ShownRound[] {
  const rounds = new Map<number, Map<number, Job[]>>();
  for (const job of jobs) {
    const tag = parseTag(job.tag);
    if (!tag) continue;
    const shards = rounds.get(tag.round) ?? new Map<number, Job[]>();
    shards.set(tag.shard, [...(shards.get(tag.shard) ?? []), job]);
    rounds.set(tag.round, shards);
  }
  return inOrder(rounds).map(([round, shards]) => ({
    round,
    shards: inOrder(shards).map(([shard, ofShard]) => shownShard(shard, ofShard)),
  }));
}

function shownShard(shard: number, jobs: readonly Job[]): ShownShard {
  // One that failed counts only where there is no other: its input may have been deleted on purpose.
  const [job, ...others] = jobs.toSorted(
    (a, b) =>
      Number(a.status === "failed") - Number(b.status === "failed") || a.createdAt - b.createdAt,
  ) as [Job, ...Job[]];
  const paid = others.filter(({ status }) => status !== "failed");
  const tries = Math.max(...jobs.map(({ tag }) => parseTag(tag)?.tries ?? 1));
  return { shard, tries, job, others: paid.map(({ id }) => id) };
}

function inOrder<Value>(numbered: ReadonlyMap<number, Value>): readonly [number, Value][] {
  return [...numbered].toSorted(([a], [b]) => a - b);
}
