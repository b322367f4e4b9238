import type { Job, JobStatus } from "../provider/provider.js";
import { isTagOf } from "./tag.js";

/** What to look for: a job that carries the tag, or was made from one of the inputs. */
export interface Sought {
  readonly shardTag: string;
  readonly inputIds: readonly string[];
  readonly requests: number;
  /** The ids of jobs that are known to have ended for nothing: none of them is looked for. */
  readonly endedJobs?: readonly string[];
  /**
   * What the create in doubt was sent with. A job that failed counts only if it is of that one: those
   * of earlier creates fail because their input is deleted. Absent: that one's input is, too, or no
   * create is in doubt.
   */
  readonly current?: { readonly tag: string; readonly inputId: string | undefined };
}

/** What a list shows of a job that was looked for. */
export interface Findings {
  /** Those that were certainly made for these requests, the best first. */
  readonly found: readonly Job[];
  /** Those that show neither tag nor input, so that each may be the one. */
  readonly candidates: readonly Job[];
}

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
 * The jobs of a list that a create has made although its answer was lost. Of several, the one that
 * got furthest comes first, then the oldest.
 */
export function search(
  jobs: readonly Job[],
  { shardTag, inputIds, requests, endedJobs = [], current }: Sought,
): Findings {
  const isOurs = ({ id, tag, inputId }: Job) =>
    !endedJobs.includes(id) &&
    (isTagOf(tag, shardTag) || (inputId !== undefined && inputIds.includes(inputId)));
  const isCurrent = ({ tag, inputId }: Job) =>
    current !== undefined &&
    (tag === undefined ? inputId === current.inputId : tag === current.tag);
  const found = jobs.filter((job) => isOurs(job) && (job.status !== "failed" || isCurrent(job)));
  const candidates = jobs.filter((job) => isNameless(job, requests) && !endedJobs.includes(job.id));
  return { found: found.toSorted(compare), candidates };
}

/** Whether a job shows neither tag nor input, and may have so many requests. */
export function isNameless(job: Job, requests: number): boolean {
  return (
    job.tag === undefined &&
    job.inputId === undefined &&
    (job.requests === undefined || job.requests === requests)
  );
}

function compare(a: Job, b: Job): number {
  return progress[b.status] - progress[a.status] || a.createdAt - b.createdAt;
}
