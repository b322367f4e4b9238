import { type Ports, systemPorts } from "../engine/ports.js";
import { parseTag } from "../engine/tag.js";
import { LangBatchError } from "../errors.js";
import { guardProvider } from "../provider/guard-provider.js";
import type { BatchProvider, Job } from "../provider/provider.js";
import { guardStorage } from "../storage/guard-storage.js";
import { readRecord } from "../storage/record-store.js";
import type { Storage } from "../storage/storage.js";
import { idOfNonce } from "./batch-id.js";
import type { CallOptions } from "./parts.js";
import { rebuildBatch } from "./rebuild.js";
import { type BatchRecord, batchKey, blobsPrefix } from "./records.js";
import type { RecoveredBatch } from "./recovered-batch.js";

/** How `recoverAll` may be steered. */
export interface RecoverAllOptions extends CallOptions {
  /** Only batches with a job created at or after this, in milliseconds since 1970. Default: all. */
  readonly since?: number;
  /** Clock and chance, for tests. Default: the machine's. */
  readonly ports?: Partial<Ports>;
}

/**
 * Rebuilds the batches of a storage that is gone from what the provider shows: every job with one of
 * our tags, and the requests it was made from. Sends nothing that costs money, and changes no batch
 * that the storage has. What was never sent is not at the provider, and so not in a rebuilt batch.
 *
 * @throws `incomplete_listing` where the provider cannot show all jobs; `invalid_option` where it does
 * not give back what a job was made from.
 */
export async function recoverAll(
  storage: Storage,
  provider: BatchProvider,
  { since = 0, signal, ports }: RecoverAllOptions = {},
): Promise<readonly RecoveredBatch[]> {
  const world = {
    storage: guardStorage(storage),
    provider: guardProvider(provider),
    ports: { ...systemPorts, ...ports },
  };
  if (!world.provider.input) {
    throw new LangBatchError(
      "invalid_option",
      `The provider ${provider.id} does not give back what a job was made from. Use \`adopt\` with the \`file\` of each job.`,
      { provider: provider.id },
    );
  }
  const recovered: RecoveredBatch[] = [];
  for (const [nonce, jobs] of await jobsByNonce(world.provider, since, signal)) {
    signal?.throwIfAborted();
    const id = idOfNonce(nonce);
    if (id === undefined) continue;
    const there = await readRecord<BatchRecord>(world.storage, batchKey(id));
    if (there && (there.value.nonce !== nonce || there.value.rounds.length > 0)) {
      recovered.push(known(id, nonce, there.value, jobs));
    } else if (!there && (await hasBlobs(world.storage, id))) {
      recovered.push(orphaned(id, jobs));
    } else {
      recovered.push(await rebuildBatch(world, { id, nonce, jobs }, signal));
    }
  }
  return recovered;
}

/** The jobs with a tag of ours, by batch, in the order of the first one seen. */
async function jobsByNonce(
  provider: BatchProvider,
  since: number,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, readonly Job[]>> {
  const byNonce = new Map<string, Job[]>();
  const context = { endpoint: "", ...(signal && { signal }) };
  for await (const job of provider.list({ since, tag: "lb-" }, context)) {
    const tag = parseTag(job.tag);
    if (!tag) continue;
    const jobs = byNonce.get(tag.nonce) ?? [];
    jobs.push(job);
    byNonce.set(tag.nonce, jobs);
  }
  return byNonce;
}

async function hasBlobs(storage: Storage, id: string): Promise<boolean> {
  for await (const _key of storage.list(blobsPrefix(id))) return true;
  return false;
}

/** Results may be among what is there, and nowhere else any more: nothing of it is touched. */
function orphaned(id: string, [job]: readonly Job[]): RecoveredBatch {
  const problem = `The storage has data of the batch ${id}, but not its record. Rebuild it in another storage.`;
  return { id, endpoint: job?.endpoint, jobs: 0, state: "lost", problems: [problem] };
}

function known(
  id: string,
  nonce: string,
  record: BatchRecord,
  jobs: readonly Job[],
): RecoveredBatch {
  const isOther = record.nonce !== nonce;
  const ids = jobs.map((job) => job.id).join(", ");
  return {
    id,
    endpoint: record.endpoint,
    jobs: isOther ? 0 : jobs.length,
    state: isOther ? "lost" : "known",
    problems: isOther
      ? [`The storage has another batch ${id}. Take these jobs over with \`adopt\`: ${ids}.`]
      : [],
  };
}
