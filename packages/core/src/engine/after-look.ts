import type { AmbiguousJob, JobRecord, UnknownJob } from "../batch/records.js";
import type { Job } from "../provider/provider.js";
import { keep } from "./kept-fields.js";
import { lookOf, settledAt } from "./next-step.js";

/** What a look at the provider's list showed, where it did not show the job. */
export type Looked =
  /** The list that was begun `at` is complete, and no job in it can be the one. */
  | { readonly came: "absent"; readonly at: number }
  /** It proves nothing. */
  | {
      readonly came: "inconclusive";
      readonly at: number;
      readonly reason: string;
      readonly candidates: readonly Job[];
      /** The only one that may be the job, and will say so itself once it has ended. */
      readonly provisional?: Job;
    };

/** A list need not show what is older: how long services keep old jobs in it is written nowhere. */
const longestListedMs = 14 * 86_400_000;

/** How many lives' looks are kept: those of the dead are of no use, but nobody knows who is dead. */
const mostLives = 8;

/**
 * The record after a look that did not show the job. What counts is when the list was begun: a job
 * that came to be while it was read may be missing in it.
 */
export function afterLook(job: JobRecord, looked: Looked, life: string): JobRecord {
  switch (job.state) {
    case "uploaded":
      // Only a precaution, which must not stop what is in order.
      return job.life === life ? job : { ...job, life };
    case "unknown":
    case "ambiguous":
      return lookedInVain(job, looked, life);
    default:
      return job;
  }
}

function lookedInVain(
  job: JobRecord & (UnknownJob | AmbiguousJob),
  looked: Looked,
  life: string,
): JobRecord {
  const { at } = looked;
  const others = (job.looking ?? []).filter((other) => other.life !== life);
  const since = lookOf(job, life)?.since ?? at;
  const looking = [{ life, since, last: at }, ...others].slice(0, mostLives);
  const doubt = doubtAfter(job, looked);
  if (doubt && (job.state === "ambiguous" || at >= settledAt(job, since))) {
    if ("provisional" in looked) return provisionally(job, looked.provisional);
    return { ...job, looking, state: "ambiguous", ...doubt };
  }
  if (job.state === "unknown") return { ...job, looking };
  const { reason: _doubt, candidates: _gone, ...rest } = job;
  return { ...rest, looking, state: "unknown" };
}

/** Takes the job for the one that is looked for, until its results say whose it is. */
function provisionally(before: JobRecord & (UnknownJob | AmbiguousJob), job: Job): JobRecord {
  const { life, since, sendBy, settleMs, answer } = before;
  const provisional = { life, since, sendBy, settleMs, ...(answer !== undefined && { answer }) };
  return { ...keep(before), state: "submitted", job, provisional };
}

function doubtAfter(
  { since }: UnknownJob | AmbiguousJob,
  looked: Looked,
): Pick<AmbiguousJob, "reason" | "candidates"> | undefined {
  if (looked.came === "inconclusive") {
    const { reason, candidates } = looked;
    return { reason, candidates };
  }
  const days = Math.floor((looked.at - since) / 86_400_000);
  if (looked.at - since <= longestListedMs) return undefined;
  return {
    reason: `it was sent ${days} days ago, and a list need not go back so far`,
    candidates: [],
  };
}
