import { LangBatchError } from "../errors.js";
import { planLimits } from "../plan/limits.js";
import { hashInput, plan, removePlan } from "../plan/plan.js";
import type { Job, ProviderTraits } from "../provider/provider.js";
import type { RoundName } from "../provider/wire-id.js";
import { nonceOf } from "./batch-id.js";
import { oneJob, recordAdopted } from "./one-job.js";
import { type Place, readBatch, updateBatch, writeBatch } from "./place.js";
import { type BatchRecord, batchKey } from "./records.js";
import type { BatchSource } from "./source.js";

/** What storing a batch depends on. */
export interface StoreOptions {
  /** Whether it is to be sent: recorded together with the plan. */
  readonly start: boolean;
  /** Whether a key names it, so that its input must be the one stored before. */
  readonly isKeyed: boolean;
  /** A job that runs these requests already: they are one shard, whatever the limits say. */
  readonly job?: Job;
}

/**
 * Sees to it that the batch is stored: its record first, so that a sweep can tell garbage from work,
 * then its input, validated on the way in. Where that is done already, it checks that the source is
 * the same and changes nothing.
 *
 * @throws `invalid_request`, and nothing is sent; also `invalid_option`, `input_unreadable`, `wrong_input`,
 * `wrong_class`, `batch_moved`.
 */
export async function storeBatch(
  place: Place,
  source: BatchSource | undefined,
  { start, isKeyed, job }: StoreOptions,
): Promise<BatchRecord> {
  const existing = (await readBatch(place))?.value;
  if (existing && existing.rounds.length > 0) {
    if (source && isKeyed) await refuseOtherInput(place, source, existing);
    return start ? markStarted(place) : existing;
  }
  if (!source) throw notStored(place.id);
  const given = await traitsOf(place);
  const traits = job ? { ...given, ...oneJob } : given;
  // A job that exists is as large as it is; what the user wants is for the rounds after it.
  const limits = job ? planLimits(traits) : planLimits(traits, place.limits, place.estimateTokens);
  const taken = existing ? await takeRound(place) : await createRecord(place);
  try {
    const lines = source.lines(lineLimit(given));
    const planned = await plan(lines, {
      ...place,
      ...taken,
      traits,
      limits,
      noun: source.noun,
      hashInput: isKeyed,
    });
    if (job) await recordAdopted(place, planned.round, job);
    const record = await updateBatch(place, (newest) =>
      // Another process with the same key may have planned it meanwhile: the first one counts.
      newest.rounds.length > 0
        ? newest
        : {
            ...newest,
            rounds: [planned.round],
            ...(planned.inputSha256 && { inputSha256: planned.inputSha256 }),
            ...(Object.keys(place.limits).length > 0 && { limits: place.limits }),
            ...(start && { startedAt: place.ports.now() }),
          },
    );
    if (record.rounds[0]?.round === taken.round) return record;
    await removePlan(place.storage, { ...planned.round, id: place.id });
    refuseOtherHash(place, planned.inputSha256, record);
    return start ? await markStarted(place) : record;
  } catch (error) {
    // Nobody else knows the random id of a batch that never was.
    if (!isKeyed && !job && !existing)
      await place.storage.remove(batchKey(place.id)).catch(() => {});
    throw error;
  }
}

/** Takes the number of a plan that is about to be made, so that nobody else writes its blobs. */
export async function takeRound(place: Place): Promise<RoundName> {
  const { nonce, nextRound } = await updateBatch(place, (newest) => ({
    ...newest,
    nextRound: newest.nextRound + 1,
  }));
  return { nonce, round: nextRound - 1 };
}

/** How the provider takes the batch's endpoint. */
export async function traitsOf(place: Place): Promise<ProviderTraits> {
  return place.provider().traits({ endpoint: place.endpoint.url });
}

/** The longest line worth reading. */
function lineLimit({ maxLineBytes, maxBytes }: ProviderTraits): number {
  return maxLineBytes ?? maxBytes;
}

async function createRecord(place: Place): Promise<RoundName> {
  const { id, ports } = place;
  const provider = place.provider();
  const record: BatchRecord = {
    id,
    endpoint: place.endpoint.url,
    provider: provider.id,
    settings: provider.settings,
    nonce: nonceOf(id, ports.newId()),
    createdAt: ports.now(),
    rounds: [],
    nextRound: 1,
  };
  try {
    await writeBatch(place, record, null);
    return { nonce: record.nonce, round: 0 };
  } catch (error) {
    if (!LangBatchError.is(error, "storage_conflict")) throw error;
    return takeRound(place);
  }
}

function markStarted(place: Place): Promise<BatchRecord> {
  return updateBatch(place, (record) =>
    record.startedAt === undefined ? { ...record, startedAt: place.ports.now() } : record,
  );
}

async function refuseOtherInput(
  place: Place,
  source: BatchSource,
  record: BatchRecord,
): Promise<void> {
  const limit = lineLimit(await traitsOf(place));
  refuseOtherHash(place, await hashInput(source.lines(limit)), record);
}

function refuseOtherHash(place: Place, hash: string | undefined, record: BatchRecord): void {
  if (hash === record.inputSha256) return;
  throw new LangBatchError(
    "wrong_input",
    `The key of batch ${place.id} already stands for another input. Use another key, or the same input as before.`,
  );
}

function notStored(id: string): LangBatchError {
  return new LangBatchError(
    "not_found",
    `The batch ${id} has no requests in this storage: storing it was interrupted. Make it anew from its input.`,
  );
}
