import { type JobRecord, jobKey } from "../batch/records.js";
import type { CallContext, Job } from "../provider/provider.js";
import { derivesIds, parseWireId } from "../provider/wire-id.js";
import { readRecord } from "../storage/record-store.js";
import type { EngineContext, Shard } from "./context.js";
import { isTerminal } from "./evolve.js";
import { isNameless } from "./search.js";
import { shardTag } from "./tag.js";

/** The jobs of a list, as far as it can be said whose they are. */
export interface Identified {
  readonly jobs: readonly Job[];
  /** Whether a job that shows nothing of where it came from will, once it has ended. */
  readonly willTell: boolean;
}

/** When a job was created by the provider's clock, both included, in milliseconds since 1970. */
export interface Between {
  readonly from: number;
  readonly to?: number;
}

/**
 * Tells by what they brought whose the jobs are that show neither tag nor input, where the provider's
 * traits say so: those of the shard get its tag, those of others are left out. Those that still run
 * stay nameless, and those of another time, of which no results are read: where many jobs are of one
 * size, that is a request for each.
 */
export async function identify(
  engine: EngineContext,
  shard: Shard,
  jobs: readonly Job[],
  { from, to = Number.POSITIVE_INFINITY }: Between,
  context: CallContext,
): Promise<Identified> {
  const asTheyAre = { jobs, willTell: false };
  if (!jobs.some((job) => isNameless(job, shard.requests))) return asTheyAre;
  const traits = await engine.provider.traits(context);
  const { recovery, wire } = traits;
  if (recovery !== "content" || !wire || !derivesIds(traits)) return asTheyAre;
  const known: Job[] = [];
  for (const job of jobs) {
    const isOfThatTime = job.createdAt === 0 || (from <= job.createdAt && job.createdAt <= to);
    if (!isNameless(job, shard.requests) || !isTerminal(job.status) || !isOfThatTime) {
      known.push(job);
      continue;
    }
    const ids = await engine.contents.someIds(job, wire, context);
    if (isSomeOf(ids, engine, shard)) {
      // Which try it was, no result says.
      known.push({ ...job, tag: `${shardTag(engine.nonce, shard.round, shard.shard)}-0` });
    } else if (ids.length === 0) {
      known.push(job);
    }
  }
  return { jobs: known, willTell: true };
}

/** Whether some of these wire ids are of the shard's requests. */
export function isSomeOf(
  ids: readonly string[],
  { nonce }: Pick<EngineContext, "nonce">,
  { round, firstOrdinal, requests }: Shard,
): boolean {
  return ids.some((id) => {
    const parsed = parseWireId(id);
    if (parsed?.nonce !== nonce || parsed.round !== round) return false;
    return parsed.ordinal >= firstOrdinal && parsed.ordinal < firstOrdinal + requests;
  });
}

/**
 * The candidates that are not certainly the job of another shard. What another one holds for its size
 * alone may be this one's all the same.
 */
export async function unclaimed(
  { id, storage }: EngineContext,
  { round, shard }: Shard,
  candidates: readonly Job[],
): Promise<readonly Job[]> {
  if (candidates.length === 0) return candidates;
  const claimed = new Set<string>();
  const own = jobKey(id, round, shard);
  for await (const key of storage.list(`jobs/${id}/`)) {
    if (key === own) continue;
    const stored = await readRecord<JobRecord>(storage, key);
    if (!stored || !("job" in stored.value) || stored.value.provisional) continue;
    claimed.add(stored.value.job.id);
    for (const duplicate of stored.value.duplicates ?? []) claimed.add(duplicate);
  }
  return candidates.filter((job) => !claimed.has(job.id));
}
