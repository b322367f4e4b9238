import type { JobRecord } from "../batch/records.js";
import type { CallContext } from "../provider/provider.js";
import { assertSameAccount } from "./account.js";
import type { EngineContext, Shard } from "./context.js";
import type { Outcome } from "./evolve.js";
import { type Sought, search } from "./search.js";
import { jobTag, shardTag } from "./tag.js";

/**
 * Looks for the job of a shard in the provider's list.
 *
 * @throws `wrong_account` where nothing is there under another key than the one that created it.
 * @throws whatever the provider throws; then nothing is known.
 */
export async function look(
  engine: EngineContext,
  shard: Shard,
  job: JobRecord,
  notBefore: number,
  context: CallContext,
): Promise<Outcome> {
  const since = "since" in job ? job.since : engine.createdAt;
  const { at, jobs, gap } = await engine.listings.read({ since, notBefore }, context);
  const { found, candidates } = search(jobs, soughtOf(engine, shard, job));
  const [best, ...others] = found;
  if (best) return { came: "found", job: best, others: others.map(({ id }) => id) };
  await assertSameAccount(engine.provider, job.account, context);
  if (gap !== undefined) return { came: "inconclusive", at, reason: gap, candidates };
  if (candidates.length === 0) return { came: "absent", at };
  const reason = `${candidates.length} of the jobs there show nothing that tells whose they are`;
  return { came: "inconclusive", at, reason, candidates };
}

/** What tells the jobs of a shard from all others. */
export function soughtOf(
  { nonce }: EngineContext,
  { round, shard, requests }: Shard,
  job: JobRecord,
): Sought {
  const { upload, earlierInputs = [], endedJobs = [], tries } = job;
  const isInDoubt = job.state === "unknown" || job.state === "ambiguous";
  const tag = jobTag(nonce, round, shard, tries);
  return {
    shardTag: shardTag(nonce, round, shard),
    inputIds: upload ? [...earlierInputs, upload.id] : earlierInputs,
    requests,
    endedJobs,
    ...(isInDoubt && !job.condemned && { current: { tag, inputId: upload?.id } }),
  };
}
