import { isFree, type SeenLeases } from "../engine/seen-leases.js";
import { readRecord } from "../storage/record-store.js";
import type { Place } from "./place.js";
import type { JobRecord } from "./records.js";

const lookAgainMs = 1_000;

/**
 * Waits until no process runs any of these jobs: each stops when it sees that its batch is leaving, or is
 * dead. What is answered while a job is copied would have to be asked again.
 */
export async function awaitRunsEnd(
  { storage, ports }: Pick<Place, "storage" | "ports">,
  keys: readonly string[],
): Promise<void> {
  const seen: SeenLeases = new Map();
  for (const key of keys) {
    for (;;) {
      const value = (await readRecord<JobRecord>(storage, key))?.value;
      const lease = value?.state === "submitted" ? value.lease : undefined;
      if (isFree(seen, key, lease, ports.elapsed())) break;
      await ports.sleep(lookAgainMs);
    }
  }
}
