import type { JobRecord } from "../batch/records.js";
import type { CallContext } from "../provider/provider.js";
import { assertSameAccount } from "./account.js";
import type { EngineContext, Shard } from "./context.js";
import { isTerminal, type Outcome } from "./evolve.js";
import { identify, unclaimed } from "./identify.js";
import { type Sought, search } from "./search.js";
import { jobTag, shardTag } from "./tag.js";

/** How far the provider's clock is taken to be wrong where no create is in doubt. */
const precautionMs = 3_600_000;

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
  const { at, jobs: listed, gap } = await engine.listings.read({ since, notBefore }, context);
  // What nobody has asked for is looked for as a precaution, and not as if all clocks were wrong.
  const from = "since" in job ? 0 : engine.createdAt - precautionMs;
  const { jobs, willTell } = await identify(engine, shard, listed, { from }, context);
  const { found, candidates: all } = search(jobs, soughtOf(engine, shard, job));
  const [best, ...others] = found;
  if (best) return { came: "found", job: best, others: others.map(({ id }) => id) };
  await assertSameAccount(engine.provider, job.account, context);
  const candidates = willTell ? await unclaimed(engine, shard, all) : all;
  if (gap !== undefined) return { came: "inconclusive", at, reason: gap, candidates };
  if (candidates.length === 0) return { came: "absent", at };
  const [only, ...rest] = candidates;
  const isOnly = willTell && only && rest.length === 0 && !isTerminal(only.status);
  const reason = willTell
    ? `${candidates.length} of the jobs there have as many requests, and only their results will tell whose they are, once they have ended`
    : `${candidates.length} of the jobs there show nothing that tells whose they are`;
  return { came: "inconclusive", at, reason, candidates, ...(isOnly && { provisional: only }) };
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
