import type { AmbiguousJob, JobRecord, Refusal, UnknownJob } from "../batch/records.js";

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
 * one run of the engine; `now` is the later of both clocks, in milliseconds since 1970.
 */
export function nextStep(job: JobRecord, life: string, now: number): Step {
  switch (job.state) {
    case "planned":
      return job.cancelRequested ? { do: "rest" } : { do: "upload" };
    case "uploaded":
      if (job.cancelRequested) return { do: "rest" };
      if (now < (job.notBefore ?? 0)) return { do: "wait", until: job.notBefore ?? 0 };
      return job.life === life ? { do: "intend" } : { do: "search", notBefore: 0 };
    case "creating":
      // Only the life that intended the create may send it, and only in time; see `sendBy`.
      if (job.life !== life) return { do: "doubt" };
      return now < job.sendBy && !job.cancelRequested ? { do: "create" } : { do: "release" };
    case "unknown":
      return nextLook(job, life, now);
    case "ambiguous":
      return nextDoubtfulLook(job, life, now);
    case "rejected":
      if (job.cancelRequested) return { do: "rest" };
      return job.life === life ? { do: "refuse", refusal: job.refusal } : { do: "rearm" };
    case "submitted":
      return job.cancelRequested && !job.cancelSent ? { do: "cancel" } : { do: "watch" };
    case "terminal":
      return now < (job.notBefore ?? 0)
        ? { do: "wait", until: job.notBefore ?? 0 }
        : { do: "collect" };
    case "collected":
      // What was not found at the provider must stay where it can be looked for.
      return job.results.counts.missing === 0 ? { do: "clean" } : { do: "rest" };
    case "cleaned":
      return { do: "rest" };
    case "moved":
      return { do: "leave" };
  }
}

function nextLook(job: UnknownJob, life: string, now: number): Step {
  // Another life's first look was timed by another clock: this one starts its own window.
  if (job.looking?.life !== life) return { do: "search", notBefore: job.since };
  const { since, last } = job.looking;
  const settled = settledAt(job, since);
  // A create that was late may have been taken until the fence: what it made is given as long again
  // to show.
  if (last >= settled) return { do: job.fenced ? "repeat" : "fence" };
  return lookAgain(Math.min(last + lookAgainMs, settled), now);
}

function nextDoubtfulLook(job: AmbiguousJob, life: string, now: number): Step {
  if (job.looking?.life !== life) return { do: "search", notBefore: job.since };
  const until = job.looking.last + lookAtDoubtfulAgainMs;
  return now < until ? { do: "decide", until } : { do: "search", notBefore: until };
}

function lookAgain(next: number, now: number): Step {
  return now < next ? { do: "wait", until: next } : { do: "search", notBefore: next };
}

/** From when on a complete list proves that no job exists. */
export function settledAt(
  { sendBy, settleMs }: Pick<UnknownJob, "sendBy" | "settleMs">,
  firstLook: number,
): number {
  return Math.max(firstLook, sendBy) + settleMs;
}
