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
 * The record after an outcome. The same record where the outcome has nothing to say to it: because
 * nothing is new, so that watching writes nothing, or because somebody else has brought the job to
 * another state meanwhile.
 */
export function evolve(job: JobRecord, outcome: Outcome, life: string, now: number): JobRecord {
  const isOwnCreate = job.state === "creating" && job.life === life;
  switch (outcome.came) {
    case "uploaded":
      if (job.state !== "planned") return job;
      return { ...keep(job), ...(outcome.upload && { upload: outcome.upload }), state: "uploaded" };
    case "intended": {
      if (job.state !== "uploaded" || job.cancelRequested) return job;
      const { sendBy, settleMs } = outcome;
      const tries = job.tries + 1;
      return { ...keep(job), tries, state: "creating", life, since: now, sendBy, settleMs };
    }
    case "released":
      return isOwnCreate ? { ...keep(job), state: "uploaded" } : job;
    case "created":
      // Whatever others made of the record meanwhile: this job exists and is paid for.
      return mayLackJob.has(job.state) ? withJob(job, outcome.job) : job;
    case "refused":
      return isOwnCreate ? refused(job, outcome, life) : job;
    case "unanswered":
      return isOwnCreate ? { ...job, state: "unknown", answer: outcome.answer } : job;
    case "doubted":
      return job.state === "creating" && !isOwnCreate ? { ...job, state: "unknown" } : job;
    case "found":
      return job.state === "unknown" ? withJob(job, outcome.job) : job;
    case "absent": {
      if (job.state !== "unknown") return job;
      const since = job.looking?.life === life ? job.looking.since : now;
      return { ...job, looking: { life, since, last: now } };
    }
    case "fenced":
      return job.state === "unknown" ? startOver(job, life) : job;
    case "rearmed":
      if (job.state !== "rejected" || job.cancelRequested) return job;
      return job.upload ? { ...keep(job), state: "uploaded" } : { ...keep(job), state: "planned" };
    case "cancel-requested":
      return job.cancelRequested || hasEnded.has(job.state)
        ? job
        : { ...job, cancelRequested: true };
    case "cancel-sent":
      return job.state === "submitted" ? { ...job, cancelSent: true } : job;
    case "seen":
      return job.state === "submitted" && isTerminal(outcome.job.status)
        ? withJob(job, outcome.job)
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

type State = JobRecord["state"];
const mayLackJob: ReadonlySet<State> = new Set<State>([
  "planned",
  "uploaded",
  "creating",
  "unknown",
  "rejected",
]);
const hasEnded: ReadonlySet<State> = new Set<State>(["terminal", "collected", "moved"]);

function withJob(before: JobRecord, job: Job): JobRecord {
  return isTerminal(job.status)
    ? { ...keep(before), state: "terminal", job, shortReads: 0 }
    : { ...keep(before), state: "submitted", job };
}

function refused(
  job: JobRecord,
  { refusal, retryAt }: Extract<Outcome, { readonly came: "refused" }>,
  life: string,
): JobRecord {
  return retryAt === undefined
    ? { ...keep(job), state: "rejected", refusal, life }
    : { ...keep(job), state: "uploaded", notBefore: retryAt, waiting: refusal };
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
