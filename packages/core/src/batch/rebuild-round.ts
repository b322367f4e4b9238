import { evolve } from "../engine/evolve.js";
import { LangBatchError } from "../errors.js";
import { joinLines } from "../jsonl/line-block.js";
import { mapLines } from "../jsonl/map-lines.js";
import type { BatchProvider, CallContext, Job } from "../provider/provider.js";
import { writeRecord } from "../storage/record-store.js";
import type { Storage } from "../storage/storage.js";
import {
  jobKey,
  type PlannedShard,
  planKey,
  plannedJob,
  type RoundRecord,
  shardKey,
} from "./records.js";
import type { Rebuilding } from "./recovered-batch.js";
import type { ShownRound, ShownShard } from "./shown-rounds.js";

/** A round whose inputs are stored again. */
export interface StoredRound {
  readonly round: number;
  readonly shards: readonly {
    readonly planned: PlannedShard;
    readonly shown: ShownShard;
  }[];
}

/** Brings the inputs of a round's jobs back. What the provider no longer has becomes a problem. */
export async function storeRound(
  { storage, provider }: Rebuilding,
  id: string,
  { round, shards }: ShownRound,
  context: CallContext,
  problems: string[],
): Promise<StoredRound> {
  const stored: StoredRound["shards"][number][] = [];
  let firstOrdinal = 0;
  const last = shards.at(-1)?.shard ?? 0;
  for (let shard = 0; shard <= last; shard += 1) {
    const shown = shards.find((some) => some.shard === shard);
    if (!shown) {
      problems.push(`The provider shows no job of shard ${shard}, round ${round}.`);
      continue;
    }
    const key = shardKey(id, round, shard, "input");
    const blob = await storeInput(storage, key, provider, shown.job, context);
    if (!blob) {
      problems.push(
        `The provider no longer has what the job ${shown.job.id} was made from. Take it over with \`adopt\` and its \`file\`.`,
      );
      continue;
    }
    stored.push({ shown, planned: { shard, firstOrdinal, ...blob, shortUrls: 0 } });
    firstOrdinal += blob.requests;
  }
  return { round, shards: stored };
}

async function storeInput(
  storage: Storage,
  key: string,
  provider: BatchProvider,
  job: Job,
  context: CallContext,
): Promise<Pick<PlannedShard, "requests" | "bytes" | "sha256"> | undefined> {
  if (!provider.input) return undefined;
  let requests = 0;
  const lines = mapLines(provider.input(job, context), (line) => {
    requests += 1;
    return line;
  });
  try {
    const blob = await storage.writeBlob(key, lines);
    return { requests, ...blob };
  } catch (error) {
    if (LangBatchError.is(error, "not_found")) return undefined;
    throw error;
  }
}

/** Stores the round's plan and the records of its jobs. */
export async function recordRound(
  { storage, ports }: Rebuilding,
  id: string,
  { round, shards }: StoredRound,
): Promise<RoundRecord> {
  for (const { shown } of shards) {
    const { job, others, tries } = shown;
    const created = evolve({ ...plannedJob, tries }, { came: "created", job }, "", 0);
    const record = evolve(created, { came: "audited", others }, "", 0);
    const options = { expected: null, writeId: ports.newId() };
    await writeRecord(storage, jobKey(id, round, shown.shard), record, options);
  }
  const lines = shards.map(({ planned }) => Buffer.from(JSON.stringify(planned)));
  await storage.writeBlob(planKey(id, round), joinLines([lines]));
  const requests = shards.reduce((sum, { planned }) => sum + planned.requests, 0);
  return { round, shards: shards.length, requests };
}

/** The stored inputs of a round, in their order. */
export function inputsOf(
  storage: Storage,
  id: string,
  { round, shards }: StoredRound,
): readonly AsyncIterable<Uint8Array>[] {
  return shards.map(({ planned }) => storage.readBlob(shardKey(id, round, planned.shard, "input")));
}
