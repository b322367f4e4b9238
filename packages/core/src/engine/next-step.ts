import type { JobRecord, Refusal, UnknownJob } from "../batch/records.js";

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
  /** Look for a job that may exist. */
  | { readonly do: "search" }
  /** Make the old input useless to a late create, then start over. */
  | { readonly do: "fence" }
  /** Try again what was refused to another life. */
  | { readonly do: "rearm" }
  | { readonly do: "cancel" }
  /** Ask the provider from time to time. */
  | { readonly do: "watch" }
  /** Bring the results home. */
  | { readonly do: "collect" }
  | { readonly do: "wait"; readonly until: number }
  /** Nothing more, and it must be said. */
  | { readonly do: "refuse"; readonly refusal: Refusal }
  /** Nothing more. */
  | { readonly do: "rest" }
  /** The batch lives elsewhere now. */
  | { readonly do: "leave" };

const lookAgainMs = 30_000;

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
      return now < (job.notBefore ?? 0)
        ? { do: "wait", until: job.notBefore ?? 0 }
        : { do: "intend" };
    case "creating":
      // Only the life that intended the create may send it, and only in time; see `sendBy`.
      if (job.life !== life) return { do: "doubt" };
      return now < job.sendBy && !job.cancelRequested ? { do: "create" } : { do: "release" };
    case "unknown":
      return nextLook(job, life, now);
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
      return { do: "rest" };
    case "moved":
      return { do: "leave" };
  }
}

function nextLook(job: UnknownJob, life: string, now: number): Step {
  // Another life's first look was timed by another clock: this one starts its own window.
  if (job.looking?.life !== life) return { do: "search" };
  const settled = settledAt(job, job.looking.since);
  if (job.looking.last >= settled) return { do: "fence" };
  const next = Math.min(job.looking.last + lookAgainMs, settled);
  return now < next ? { do: "wait", until: next } : { do: "search" };
}

function settledAt(job: UnknownJob, firstLook: number): number {
  return Math.max(firstLook, job.sendBy) + job.settleMs;
}
