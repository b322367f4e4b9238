import { cancelJobs, readJobs } from "../engine/work.js";
import type { OpenBatch } from "./open-batch.js";
import { type Place, updateBatch } from "./place.js";
import { hasEnded } from "./status.js";

/**
 * Records the wish to cancel, so that no process sends what was not sent yet, and passes it on to the
 * provider. Does nothing after the end.
 */
export async function cancelBatch(
  place: Place,
  { engine, shards, record }: OpenBatch,
  signal: AbortSignal | undefined,
): Promise<void> {
  if ((await readJobs(engine, shards)).every(hasEnded)) return;
  const cancelRequestedAt = record.cancelRequestedAt ?? engine.now();
  await updateBatch(place, (newest) => ({ ...newest, cancelRequestedAt }));
  await cancelJobs(engine, shards, signal);
}
