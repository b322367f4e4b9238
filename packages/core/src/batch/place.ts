import { assertCount, assertDuration } from "../assert-option.js";
import type { Endpoint, EndpointTypes } from "../endpoints/endpoint.js";
import { openClock } from "../engine/clock.js";
import { openCompany } from "../engine/company.js";
import { openContents } from "../engine/contents.js";
import type { EngineContext, OnAmbiguous } from "../engine/context.js";
import { openListings } from "../engine/listing.js";
import { type Ports, systemPorts } from "../engine/ports.js";
import { movedError } from "../engine/work.js";
import { LangBatchError } from "../errors.js";
import { type JobLimits, jobLimits, type TokenEstimate } from "../plan/limits.js";
import { guardProvider } from "../provider/guard-provider.js";
import type { JsonObject } from "../provider/json.js";
import type { BatchProvider } from "../provider/provider.js";
import { guardStorage } from "../storage/guard-storage.js";
import { readRecord, type Stored, writeRecord } from "../storage/record-store.js";
import type { Storage } from "../storage/storage.js";
import { idOfKey, newBatchId } from "./batch-id.js";
import type { BatchParts, NewOptions } from "./parts.js";
import { type BatchRecord, batchKey } from "./records.js";

/** A batch's id, where it lives, and how to work on it. */
export interface Place {
  readonly id: string;
  readonly storage: Storage;
  readonly endpoint: Endpoint;
  /** Makes the provider; stored settings come before what this process was told. */
  provider(settings?: JsonObject): BatchProvider;
  readonly ports: Ports;
  readonly settleMs: number;
  readonly sendDeadlineMs: number;
  readonly leaseMs: number;
  readonly onAmbiguous: OnAmbiguous;
  /** As this process was told. */
  readonly maxActiveJobs: number | undefined;
  /** What this process was told; other limits may be stored. */
  readonly limits: JobLimits;
  readonly estimateTokens: TokenEstimate | undefined;
}

const defaultSettleMs = 900_000;
const defaultSendDeadlineMs = 20_000;
const defaultLeaseMs = 10_000;

/** What `load` says to the constructor: the options of a batch that has its id already. */
export interface StoredOptions<Kwargs> extends NewOptions<Kwargs> {
  readonly id?: string;
}

/** The place of a batch, stored or not yet. @throws `invalid_option` */
export function openPlace<E extends EndpointTypes, Kwargs>(
  parts: BatchParts<E, Kwargs>,
  options: StoredOptions<Kwargs>,
): Place {
  const { id, key, batchKwargs, settleMs = defaultSettleMs } = options;
  const { sendDeadlineMs = defaultSendDeadlineMs, onAmbiguous = "wait" } = options;
  const { leaseMs = defaultLeaseMs } = options;
  assertDuration("settleMs", settleMs);
  assertDuration("sendDeadlineMs", sendDeadlineMs);
  assertCount("leaseMs", leaseMs, 1);
  assertPolicy(onAmbiguous);
  if (options.maxActiveJobs !== undefined) assertCount("maxActiveJobs", options.maxActiveJobs, 1);
  if (key === "")
    throw new LangBatchError("invalid_option", "`key` is empty. Leave it out, or name the batch.");
  const ports = { ...systemPorts, ...options.ports };
  return {
    id:
      id !== undefined
        ? assertId(id)
        : key !== undefined
          ? idOfKey(key)
          : newBatchId(ports.newId()),
    storage: guardStorage(options.storage ?? parts.storage()),
    endpoint: parts.endpoint,
    provider: (settings) =>
      guardProvider(parts.provider({ ...batchKwargs, ...settings } as Kwargs)),
    ports,
    settleMs,
    sendDeadlineMs,
    leaseMs,
    onAmbiguous,
    maxActiveJobs: options.maxActiveJobs,
    limits: jobLimits(options),
    estimateTokens: options.estimateTokens,
  };
}

function assertId(id: string): string {
  if (/^[A-Za-z0-9_-]{1,128}$/.test(id)) return id;
  throw new LangBatchError(
    "invalid_option",
    `${JSON.stringify(String(id).slice(0, 100))} is no batch id: it has letters, digits, "_" and "-" only.`,
  );
}

const policies: ReadonlySet<string> = new Set<OnAmbiguous>([
  "wait",
  "adopt-if-unique",
  "resubmit",
  "fail",
]);

function assertPolicy(policy: string): void {
  if (policies.has(policy)) return;
  throw new LangBatchError(
    "invalid_option",
    `\`onAmbiguous\` is ${JSON.stringify(policy)}; use one of ${[...policies].join(", ")}.`,
  );
}

/**
 * The batch's record, or `undefined` where it was never stored.
 *
 * @throws `batch_moved` where it lives elsewhere now.
 * @throws `wrong_class` where another class made it.
 */
export async function readBatch(place: Place): Promise<Stored<BatchRecord> | undefined> {
  const stored = await readRecord<BatchRecord>(place.storage, batchKey(place.id));
  if (!stored) return undefined;
  const { moved, endpoint, provider } = stored.value;
  if (moved === "moved") throw movedError(place.id);
  if (moved === "moving") {
    throw new LangBatchError(
      "batch_moved",
      `The batch ${place.id} is being moved to another storage. If that was interrupted, call save({ storage }) with that storage again.`,
    );
  }
  const own = place.provider().id;
  if (endpoint !== place.endpoint.url || provider !== own) {
    throw new LangBatchError(
      "wrong_class",
      `The batch ${place.id} is for ${provider} ${endpoint}, not for ${own} ${place.endpoint.url}. Use the class that made it.`,
    );
  }
  return stored;
}

/** As {@link readBatch}, where the batch must be there. @throws `not_found` */
export async function requireBatch(place: Place): Promise<Stored<BatchRecord>> {
  const stored = await readBatch(place);
  if (stored) return stored;
  throw new LangBatchError(
    "not_found",
    `There is no batch ${place.id} in this storage. Check the id, and that the storage is the one it was stored in.`,
  );
}

/**
 * Changes the batch's record; again from the newest one where somebody else wrote meanwhile. `change`
 * gives back what it got where there is nothing to change.
 */
export async function updateBatch(
  place: Place,
  change: (record: BatchRecord) => BatchRecord,
): Promise<BatchRecord> {
  for (;;) {
    const stored = await requireBatch(place);
    const next = change(stored.value);
    if (next === stored.value) return next;
    try {
      return (await writeBatch(place, next, stored.revision)).value;
    } catch (error) {
      if (!LangBatchError.is(error, "storage_conflict")) throw error;
    }
  }
}

/** Writes the batch's record over the revision that was read. @throws `storage_conflict` */
export function writeBatch(
  { id, storage, ports }: Pick<Place, "id" | "storage" | "ports">,
  record: BatchRecord,
  expected: string | null,
): Promise<Stored<BatchRecord>> {
  return writeRecord(storage, batchKey(id), record, { expected, writeId: ports.newId() });
}

/** A new run of the engine on the batch. */
export function openEngine(
  place: Place,
  { settings, nonce, createdAt }: BatchRecord,
): EngineContext {
  const { id, storage, endpoint, ports, settleMs, sendDeadlineMs, leaseMs, onAmbiguous } = place;
  const provider = place.provider(settings);
  const now = openClock(ports);
  return {
    ...{ id, nonce, createdAt, endpoint, provider, storage, ports, now },
    ...{ settleMs, sendDeadlineMs, leaseMs, onAmbiguous },
    life: ports.newId(),
    maxActiveJobs: async (signal) => {
      if (place.maxActiveJobs !== undefined) return place.maxActiveJobs;
      const context = { endpoint: endpoint.url, ...(signal && { signal }) };
      return (await provider.traits(context)).maxActiveJobs ?? Number.POSITIVE_INFINITY;
    },
    company: openCompany(ports.random),
    listings: openListings(provider, nonce, now),
    contents: openContents(provider),
  };
}
