import type { CollectedResults, JobRecord, Refusal } from "../batch/records.js";
import type { Job, JobStatus, UploadedInput } from "../provider/provider.js";

/** What came of a step, or what was seen meanwhile. */
export type Outcome =
  | { readonly came: "uploaded"; readonly upload?: UploadedInput }
  | { readonly came: "intended"; readonly sendBy: number; readonly settleMs: number }
  | { readonly came: "released" }
  | { readonly came: "created"; readonly job: Job }
  /** Certainly not created. `retryAt`: the provider may take it then. */
  | { readonly came: "refused"; readonly refusal: Refusal; readonly retryAt?: number }
  | { readonly came: "unanswered"; readonly answer: string }
  | { readonly came: "doubted" }
  | { readonly came: "found"; readonly job: Job }
  /** A complete list showed nothing. */
  | { readonly came: "absent" }
  | { readonly came: "fenced" }
  | { readonly came: "rearmed" }
  | { readonly came: "cancel-requested" }
  | { readonly came: "cancel-sent" }
  | { readonly came: "seen"; readonly job: Job }
  | { readonly came: "short"; readonly retryAt: number }
  | { readonly came: "collected"; readonly results: CollectedResults };

const terminal: ReadonlySet<JobStatus> = new Set<JobStatus>([
  "completed",
  "failed",
  "expired",
  "cancelled",
]);

/** Whether the provider is done with a job. */
export function isTerminal(status: JobStatus): boolean {
  return terminal.has(status);
}

/**
 * The record after an outcome. The same record where the outcome says nothing new, so that watching
 * writes nothing.
 */
export function evolve(job: JobRecord, outcome: Outcome, life: string, now: number): JobRecord {
  switch (outcome.came) {
    case "uploaded":
      return { ...keep(job), ...(outcome.upload && { upload: outcome.upload }), state: "uploaded" };
    case "intended": {
      const { sendBy, settleMs } = outcome;
      const tries = job.tries + 1;
      return { ...keep(job), tries, state: "creating", life, since: now, sendBy, settleMs };
    }
    case "released":
      return { ...keep(job), state: "uploaded" };
    case "created":
    case "found":
      return { ...keep(job), ...seen(outcome.job, job) };
    case "refused":
      return outcome.retryAt === undefined
        ? { ...keep(job), state: "rejected", refusal: outcome.refusal, life }
        : {
            ...keep(job),
            state: "uploaded",
            notBefore: outcome.retryAt,
            waiting: outcome.refusal,
          };
    case "unanswered":
      if (job.state !== "creating") return job;
      return { ...job, state: "unknown", answer: outcome.answer };
    case "doubted":
      return job.state === "creating" ? { ...job, state: "unknown" } : job;
    case "absent": {
      if (job.state !== "unknown") return job;
      const since = job.looking?.life === life ? job.looking.since : now;
      return { ...job, looking: { life, since, last: now } };
    }
    case "fenced":
      return startOver(job, life);
    case "rearmed":
      return job.upload ? { ...keep(job), state: "uploaded" } : { ...keep(job), state: "planned" };
    case "cancel-requested":
      return job.cancelRequested || job.state === "collected"
        ? job
        : { ...job, cancelRequested: true };
    case "cancel-sent":
      return job.state === "submitted" ? { ...job, cancelSent: true } : job;
    case "seen":
      return isTerminal(outcome.job.status) && job.state === "submitted"
        ? { ...keep(job), ...seen(outcome.job, job) }
        : job;
    case "short":
      return job.state === "terminal"
        ? { ...job, shortReads: job.shortReads + 1, notBefore: outcome.retryAt }
        : job;
    case "collected":
      return job.state === "terminal"
        ? { ...keep(job), state: "collected", job: job.job, results: outcome.results }
        : job;
  }
}

/** How often a create is lost before somebody should look at why. */
const mostLostCreates = 3;

/** Certainly not created: with a new input, or not again unasked where it keeps getting lost. */
function startOver(job: JobRecord, life: string): JobRecord {
  const { upload: _gone, ...kept } = keep(job);
  if (job.tries < mostLostCreates) return { ...kept, state: "planned" };
  const answer = job.state === "unknown" ? job.answer : undefined;
  const message = `The provider gave no clear answer ${job.tries} times, and no job came of it: ${answer ?? "no answer"}`;
  return { ...kept, state: "rejected", refusal: { code: "provider_failed", message }, life };
}

/** What every state keeps, fields of a newer version included; what only some states know goes. */
function keep(job: JobRecord): KeptFields {
  const ofSomeStates: Partial<Record<string, unknown>> = { ...job };
  for (const name of fieldsOfSomeStates) delete ofSomeStates[name];
  return { ...ofSomeStates, tries: job.tries };
}

type KeptFields = Pick<JobRecord, "tries" | "upload" | "cancelRequested">;

const fieldsOfSomeStates: readonly string[] = [
  ...["notBefore", "waiting"],
  ...["life", "since", "sendBy", "settleMs", "answer", "looking"],
  ...["refusal", "job", "cancelSent", "shortReads", "results"],
];

function seen(job: Job, before: JobRecord): JobRecord {
  const { tries } = before;
  return isTerminal(job.status)
    ? { tries, state: "terminal", job, shortReads: 0 }
    : { tries, state: "submitted", job };
}
