import type { Lease } from "../batch/lease.js";

/** The last sign of life of whoever runs a job, by its key, and when it was seen first. */
export type SeenLeases = Map<string, { readonly sign: string; readonly since: number }>;

/**
 * Whether nobody runs a job, or who has it has shown no sign of life for as long as it may: by the clock
 * of who looks (`now`, in milliseconds), for the other's may be wrong by a day. Notes what it sees.
 */
export function isFree(
  seen: SeenLeases,
  key: string,
  lease: Lease | undefined,
  now: number,
): boolean {
  if (!lease) return true;
  const sign = `${lease.life} ${lease.beats}`;
  const known = seen.get(key);
  if (known?.sign === sign) return now - known.since >= lease.leaseMs;
  seen.set(key, { sign, since: now });
  return false;
}
