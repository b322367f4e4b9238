import type {
  AmbiguousJob,
  CreatingJob,
  JobRecord,
  Looking,
  Refusal,
  UnknownJob,
} from "../batch/records.js";

/** What to do next for one job. */
export type Step =
  /** Bring the input to the provider; nothing to bring where the create call carries it. */
  | { readonly do: "upload" }
  /** Record that a create follows. */
  | { readonly do: "intend" }
  /** Send the one create. */
  | { readonly do: "create" }
  /** Record that an intended create was never sent. */
  | { readonly do: "release" }
  /** Record that nobody knows what came of another life's create. */
  | { readonly do: "doubt" }
  /** Look for a job that may exist, in a list that was begun at `notBefore` or later. */
  | { readonly do: "search"; readonly notBefore: number }
  /** Record that the old input is about to be deleted. */
  | { readonly do: "condemn" }
  /** Make the old input useless to a create that is still on its way. */
  | { readonly do: "fence" }
  /** Record that no job exists, and start over. */
  | { readonly do: "repeat" }
  /** Try again what was refused to another life. */
  | { readonly do: "rearm" }
  | { readonly do: "cancel" }
  /** Ask the provider from time to time. */
  | { readonly do: "watch" }
  /** Bring the results home. */
  | { readonly do: "collect" }
  /** Delete an input that must not lie at the provider any longer. */
  | { readonly do: "discard" }
  /** Delete what the provider keeps; only when the user asks. */
  | { readonly do: "clean" }
  | { readonly do: "wait"; readonly until: number }
  /** Looking proves nothing: the user's policy decides. Otherwise it is looked again then. */
  | { readonly do: "decide"; readonly until: number }
  /** Nothing more, and it must be said. */
  | { readonly do: "refuse"; readonly refusal: Refusal }
  /** Nothing more. */
  | { readonly do: "rest" }
  /** The batch lives elsewhere now. */
  | { readonly do: "leave" };

const lookAgainMs = 30_000;
const lookAtDoubtfulAgainMs = 300_000;

/**
 * What to do next follows from the record alone: recovering after a crash is running. `life` names
 * one run of the engine; `now` is the time by its clock, in milliseconds since 1970.
 */
export function nextStep(job: JobRecord, life: string, now: number): Step {
  switch (job.state) {
    case "planned":
      return job.cancelRequested ? { do: "rest" } : { do: "upload" };
    case "uploaded":
      if (job.cancelRequested) return { do: "rest" };
      if (isYetToCome(job.notBefore, now)) return { do: "wait", until: job.notBefore };
      return job.life === life ? { do: "intend" } : { do: "search", notBefore: 0 };
    case "creating":
      // Only the life that intended the create may send it, and only in time; see `sendBy`. Until then
      // it is most likely alive, and looking for what it sends would only be in its way.
      if (job.life !== life) {
        return isOnItsWay(job, now) ? { do: "wait", until: job.sendBy } : { do: "doubt" };
      }
      return now < job.sendBy && !job.cancelRequested ? { do: "create" } : { do: "release" };
    case "unknown":
      return nextLook(job, life, now);
    case "ambiguous":
      return nextDoubtfulLook(job, life, now);
    case "rejected":
      if (job.cancelRequested) return { do: "rest" };
      return job.life === life ? { do: "refuse", refusal: job.refusal } : { do: "rearm" };
    case "submitted":
      // A job that may be somebody else's is not stopped.
      return job.cancelRequested && !job.cancelSent && !job.provisional
        ? { do: "cancel" }
        : { do: "watch" };
    case "terminal":
      return isYetToCome(job.notBefore, now)
        ? { do: "wait", until: job.notBefore }
        : { do: "collect" };
    case "collected":
      // What was not found at the provider must stay where it can be looked for.
      if (job.results.counts.missing > 0) return { do: "rest" };
      return job.upload?.isTemporary ? { do: "discard" } : { do: "clean" };
    case "cleaned":
      return { do: "rest" };
    case "moved":
      return { do: "leave" };
  }
}

/** By a clock that cannot be far from the writer's, or no wait would be worth it. */
function isOnItsWay({ since, sendBy }: CreatingJob, now: number): boolean {
  return since <= now && now < sendBy;
}

function nextLook(job: JobRecord & UnknownJob, life: string, now: number): Step {
  // Another life's looks were timed by another clock: this one has its own window.
  const look = lookOf(job, life);
  if (!look) return { do: "search", notBefore: now - slackMs(job) };
  const { since, last } = look;
  const settled = settledAt(job, since);
  if (last >= settled) return { do: afterWindow(job) };
  // Soon at first, when most show, then less and less often.
  const next = Math.min(last + Math.max(lookAgainMs, last - since), settled);
  return now < next ? { do: "wait", until: next } : { do: "search", notBefore: next };
}

function afterWindow({ upload, condemned, fenced }: JobRecord & UnknownJob): SettledStep {
  // A create that was late may have been taken until the fence: what it made is given as long again
  // to show.
  if (fenced) return "repeat";
  return upload && !condemned ? "condemn" : "fence";
}

type SettledStep = "condemn" | "fence" | "repeat";

function nextDoubtfulLook(job: AmbiguousJob, life: string, now: number): Step {
  const look = lookOf(job, life);
  if (!look) return { do: "search", notBefore: now - slackMs(job) };
  const until = look.last + lookAtDoubtfulAgainMs;
  return now < until ? { do: "decide", until } : { do: "search", notBefore: until };
}

/** How long this life has been looking; `undefined` where it has not begun. */
export function lookOf(
  { looking }: Pick<UnknownJob, "looking">,
  life: string,
): Looking | undefined {
  return looking?.find((look) => look.life === life);
}

/**
 * From when on a complete list proves that no job exists: the window, after a create that was about to
 * be sent at the first look could no longer be sent. By the clock of who looks: the writer's may be
 * wrong by a day.
 */
export function settledAt(
  job: Pick<UnknownJob, "since" | "sendBy" | "settleMs">,
  firstLook: number,
): number {
  return firstLook + slackMs(job) + (job.sendBy - job.since) + job.settleMs;
}

/**
 * How much older than the doubt the first list may be, so that shards that come into doubt together
 * share it; the window is that much longer.
 */
function slackMs({ settleMs }: Pick<UnknownJob, "settleMs">): number {
  return settleMs / 100;
}

/** A time that another life recorded, by a clock that may be wrong: none that is far away is meant. */
const farAheadMs = 3_600_000;

/** Whether a recorded time lies ahead. */
export function isYetToCome(time: number | undefined, now: number): time is number {
  return time !== undefined && now < time && time <= now + farAheadMs;
}
