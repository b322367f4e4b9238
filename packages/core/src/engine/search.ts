import type { BatchProvider, CallContext, Job, JobStatus } from "../provider/provider.js";
import { isTagOf } from "./tag.js";

/** What to look for: a job that carries the tag, or was made from the input. */
export interface Sought {
  readonly shardTag: string;
  readonly inputId: string | undefined;
  /** When the create may have been sent first, in milliseconds since 1970 by our clock. */
  readonly since: number;
}

/** How far the provider's clock and ours may lie apart. */
const clockSkewMs = 86_400_000;

/** The further a job got, the more of it is paid for. */
const progress: Readonly<Record<JobStatus, number>> = {
  completed: 7,
  finalizing: 6,
  in_progress: 5,
  validating: 4,
  cancelling: 3,
  expired: 2,
  cancelled: 1,
  failed: 0,
};

/**
 * The job that a create made although its answer was lost, or the proof that there is none: the list
 * is read to its end. Of several, the one that got furthest, then the oldest.
 *
 * @throws whatever the provider's list throws; then nothing is known.
 */
export async function search(
  provider: BatchProvider,
  { shardTag, inputId, since }: Sought,
  context: CallContext,
): Promise<Job | undefined> {
  let found: Job | undefined;
  for await (const job of provider.list({ since: since - clockSkewMs, tag: shardTag }, context)) {
    const isOurs = isTagOf(job.tag, shardTag) || (inputId !== undefined && job.inputId === inputId);
    if (isOurs && (!found || compare(job, found) < 0)) found = job;
  }
  return found;
}

function compare(a: Job, b: Job): number {
  return progress[b.status] - progress[a.status] || a.createdAt - b.createdAt;
}
