import { LangBatchError } from "../errors.js";
import type { Storage } from "./storage.js";

/** The newest record format this version writes, and the newest it understands. */
const version = 1;

/** A stored value and the revision to compare with when it is replaced. */
export interface Stored<T> {
  readonly value: T;
  /** `null` where the record does not exist yet. */
  readonly revision: string | null;
}

/** What surrounds every stored value. */
interface Envelope {
  readonly version: number;
  /** The oldest version that may read it. */
  readonly minReader: number;
  /** Makes every write unique, so that a write whose answer was lost can be told from another's. */
  readonly writeId: string;
  readonly value: unknown;
}

/**
 * The value of a record. Fields that this version does not know stay in it.
 *
 * @throws `version_unsupported` where a newer version wrote it for newer readers only.
 * @throws `storage_failed` where it is no record of ours.
 */
export async function readRecord<T>(storage: Storage, key: string): Promise<Stored<T> | undefined> {
  const stored = await storage.readRecord(key);
  if (!stored) return undefined;
  return { value: parse<T>(key, stored.value), revision: stored.revision };
}

/**
 * Replaces a record if nobody else did meanwhile; the stored value with its new revision.
 *
 * @throws `storage_conflict` where somebody did.
 */
export async function writeRecord<T>(
  storage: Storage,
  key: string,
  value: T,
  { expected, writeId }: { readonly expected: string | null; readonly writeId: string },
): Promise<Stored<T>> {
  const envelope: Envelope = { version, minReader: 1, writeId, value };
  const bytes = Buffer.from(JSON.stringify(envelope));
  try {
    const { revision } = await storage.writeRecord(key, bytes, { expected });
    return { value, revision };
  } catch (error) {
    // The write may have happened although its answer was lost: only the record itself can tell.
    const stored = await storage.readRecord(key).catch(() => undefined);
    if (stored && bytes.equals(stored.value)) return { value, revision: stored.revision };
    throw error;
  }
}

/**
 * The bytes of a record that nobody can read, and the revision to compare with when it is replaced;
 * `undefined` where the record is in order, absent, or a newer version's.
 */
export async function readDamaged(
  storage: Storage,
  key: string,
): Promise<{ readonly bytes: Uint8Array; readonly revision: string } | undefined> {
  const stored = await storage.readRecord(key);
  if (!stored) return undefined;
  try {
    parse(key, stored.value);
    return undefined;
  } catch (error) {
    if (!LangBatchError.is(error, "storage_failed")) return undefined;
    return { bytes: stored.value, revision: stored.revision };
  }
}

const remedy =
  "If it is a job's, recover() mends it from what the provider shows; if it is a batch's, recoverAll() does, into a new storage.";

function parse<T>(key: string, bytes: Uint8Array): T {
  const envelope = parseJson(key, bytes);
  if (typeof envelope !== "object" || envelope === null || !("minReader" in envelope)) {
    throw new LangBatchError(
      "storage_failed",
      `The record ${key} is not one of LangBatch's. ${remedy}`,
    );
  }
  const { minReader, value } = envelope as Envelope;
  if (minReader > version) {
    throw new LangBatchError(
      "version_unsupported",
      `The record ${key} was written by a newer LangBatch. Update @langbatch/core to read it.`,
    );
  }
  return value as T;
}

function parseJson(key: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch (cause) {
    throw new LangBatchError(
      "storage_failed",
      `The record ${key} is damaged: it is no JSON. ${remedy}`,
      {
        cause,
      },
    );
  }
}
