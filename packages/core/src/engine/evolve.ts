import type { CollectedResults, JobRecord, Refusal, RejectedJob } from "../batch/records.js";
import type { Job, JobStatus, UploadedInput } from "../provider/provider.js";
import { afterLook, type Looked } from "./after-look.js";
import { keep, keepCertain, withoutUpload } from "./kept-fields.js";
import { type Leased, withLease } from "./with-lease.js";

/** What came of a step, or what was seen meanwhile. */
export type Outcome =
  | { readonly came: "uploaded"; readonly upload?: UploadedInput }
  | {
      readonly came: "intended";
      readonly sendBy: number;
      readonly settleMs: number;
      readonly account?: string;
    }
  | { readonly came: "released" }
  | { readonly came: "created"; readonly job: Job }
  /** Certainly not created. `retryAt`: the provider may take it then. */
  | { readonly came: "refused"; readonly refusal: Refusal; readonly retryAt?: number }
  | { readonly came: "unanswered"; readonly answer: string }
  | { readonly came: "doubted" }
  /** `others` are of the same requests, too. */
  | { readonly came: "found"; readonly job: Job; readonly others: readonly string[] }
  | Looked
  | { readonly came: "condemned" }
  /** `isSafe`: a create that is still on its way must fail now. */
  | { readonly came: "fenced"; readonly isSafe: boolean }
  /** Not created, as far as anybody can know; or the user said so. */
  | { readonly came: "given-up" }
  | { readonly came: "rearmed" }
  | { readonly came: "cancel-requested" }
  | { readonly came: "cancel-sent" }
  | { readonly came: "seen"; readonly job: Job }
  | Leased
  | { readonly came: "short"; readonly retryAt: number }
  /** What it brought is somebody else's: it was only taken for the job. */
  | { readonly came: "stranger" }
  /** It ended because the provider had no room for it, and brought nothing. */
  | { readonly came: "no-room"; readonly refusal: Refusal; readonly retryAt: number }
  /** The provider may have room now. */
  | { readonly came: "room" }
  | { readonly came: "collected"; readonly results: CollectedResults }
  | { readonly came: "discarded" }
  | { readonly came: "cleaned" }
  /** Further jobs of the same requests. */
  | { readonly came: "audited"; readonly others: readonly string[] };

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
    case "uploaded": {
      if (job.state !== "planned") return job;
      const { upload } = outcome;
      return { ...keep(job), ...(upload && { upload }), state: "uploaded", life };
    }
    case "intended":
      return job.state === "uploaded" && !job.cancelRequested
        ? intended(job, outcome, life, now)
        : job;
    case "released":
      return isOwnCreate ? { ...keep(job), state: "uploaded", life } : job;
    case "created":
      // Another process has found it, and that it ended for nothing: the next try is what counts.
      if (job.endedJobs?.includes(outcome.job.id)) return job;
      // Whatever else others made of the record meanwhile: this job exists and is paid for.
      if (mayLackJob.has(job.state) || isProvisional(job)) return withJob(job, outcome.job);
      return job.state === "moved" ? job : withDuplicates(job, [outcome.job.id]);
    case "refused":
      return isOwnCreate ? refused(job, outcome, life) : job;
    case "unanswered":
      return isOwnCreate ? { ...job, state: "unknown", answer: outcome.answer } : job;
    case "doubted":
      return job.state === "creating" && !isOwnCreate ? { ...job, state: "unknown" } : job;
    case "found":
      return isSought.has(job.state)
        ? withDuplicates(withJob(job, outcome.job), outcome.others)
        : job;
    case "absent":
    case "inconclusive":
      return afterLook(job, outcome, life);
    case "condemned":
      return job.state === "unknown" ? { ...job, condemned: true } : job;
    case "fenced": {
      if (job.state !== "unknown" || job.fenced) return job;
      if (!outcome.isSafe) return startOver(job, life);
      const { looking: _before, ...rest } = job;
      return { ...rest, fenced: true };
    }
    case "given-up":
      return job.state === "unknown" || job.state === "ambiguous" ? startOver(job, life) : job;
    case "rearmed":
      return job.state === "rejected" && !job.cancelRequested ? rearmed(job) : job;
    case "cancel-requested":
      return job.cancelRequested || hasEnded.has(job.state)
        ? job
        : { ...job, cancelRequested: true };
    case "cancel-sent":
      return job.state === "submitted" ? { ...job, cancelSent: true } : job;
    case "seen":
      return job.state === "submitted" &&
        job.job.id === outcome.job.id &&
        isTerminal(outcome.job.status)
        ? { ...withJob(job, outcome.job), ...(job.provisional && { provisional: job.provisional }) }
        : job;
    case "stopped":
    case "leased":
    case "renewed":
    case "let-go":
      return job.state === "submitted" ? withLease(job, outcome, life) : job;
    case "short":
      return job.state === "terminal"
        ? { ...job, shortReads: job.shortReads + 1, notBefore: outcome.retryAt }
        : job;
    case "no-room":
      return job.state === "terminal" ? waitsAgain(job, outcome, life) : job;
    case "room":
      return withoutPause(job);
    case "stranger":
      return job.state === "terminal" && job.provisional
        ? { ...keepCertain(job), ...job.provisional, state: "unknown" }
        : job;
    case "collected":
      return job.state === "terminal"
        ? { ...keepCertain(job), state: "collected", job: job.job, results: outcome.results }
        : job;
    case "discarded":
      return job.state === "collected" ? withoutUpload(job) : job;
    case "cleaned":
      return job.state === "collected" ? { ...job, state: "cleaned" } : job;
    case "audited":
      return withDuplicates(job, outcome.others);
  }
}

type State = JobRecord["state"];
const isSought: ReadonlySet<State> = new Set<State>(["uploaded", "unknown", "ambiguous"]);
const mayLackJob: ReadonlySet<State> = new Set<State>([
  ...["planned", "creating", "rejected"],
  ...isSought,
] as const);
const hasEnded: ReadonlySet<State> = new Set<State>(["terminal", "collected", "cleaned", "moved"]);

/** Whether another job may be the one after all. */
function isProvisional(job: JobRecord): boolean {
  return "job" in job && job.provisional !== undefined;
}

function intended(
  job: JobRecord,
  { sendBy, settleMs, account }: Extract<Outcome, { readonly came: "intended" }>,
  life: string,
  now: number,
): JobRecord {
  const tries = job.tries + 1;
  const whose = account === undefined ? {} : { account };
  return { ...keep(job), ...whose, tries, state: "creating", life, since: now, sendBy, settleMs };
}

function withJob(before: JobRecord, job: Job): JobRecord {
  // A late job was made in time, but of an input that nothing can be made of again.
  const isInputGone = "condemned" in before && before.condemned;
  const kept = isInputGone ? withoutUpload(keepCertain(before)) : keepCertain(before);
  return isTerminal(job.status)
    ? { ...kept, state: "terminal", job, shortReads: 0 }
    : { ...kept, state: "submitted", job };
}

function withDuplicates(job: JobRecord, ids: readonly string[]): JobRecord {
  const known = new Set(job.duplicates);
  if ("job" in job) known.add(job.job.id);
  const added = ids.filter((id) => !known.has(id));
  return added.length === 0 ? job : { ...job, duplicates: [...(job.duplicates ?? []), ...added] };
}

function refused(
  job: JobRecord,
  { refusal, retryAt }: Extract<Outcome, { readonly came: "refused" }>,
  life: string,
): JobRecord {
  if (retryAt === undefined) return { ...keep(job), state: "rejected", refusal, life };
  // To have no room is no refusal: that may last for hours.
  const refusals = (job.refusals ?? 0) + (refusal.code === "quota" ? 0 : 1);
  const counted = refusals === 0 ? {} : { refusals };
  const waits = { notBefore: retryAt, waiting: refusal, life } as const;
  return { ...keep(job), ...counted, ...waits, state: "uploaded" };
}

/**
 * The same input where it is still there, and the next try: the job that ended is not the one that is
 * looked for any more.
 */
function waitsAgain(
  job: Extract<JobRecord, { readonly state: "terminal" }>,
  { refusal, retryAt }: Extract<Outcome, { readonly came: "no-room" }>,
  life: string,
): JobRecord {
  const endedJobs = [...(job.endedJobs ?? []), job.job.id];
  const isInputGone = !job.upload && job.earlierInputs;
  if (isInputGone) return { ...keep(job), endedJobs, state: "planned" };
  const waits = { notBefore: retryAt, waiting: refusal, life } as const;
  return { ...keep(job), endedJobs, ...waits, state: "uploaded" };
}

function withoutPause(job: JobRecord): JobRecord {
  if (job.state !== "uploaded" || job.notBefore === undefined) return job;
  const { notBefore: _over, ...rest } = job;
  return rest;
}

/** How often a create is lost before somebody should look at why. */
const mostLostCreates = 3;

/** Certainly not created: with a new input, or not again unasked where it keeps getting lost. */
function startOver(job: JobRecord, life: string): JobRecord {
  const lostCreates = (job.lostCreates ?? 0) + 1;
  const kept = { ...withoutUpload(keep(job)), lostCreates };
  if (lostCreates < mostLostCreates) return { ...kept, state: "planned" };
  const answer = "answer" in job ? job.answer : undefined;
  const message = `The provider gave no clear answer ${lostCreates} times, and no job came of it: ${answer ?? "no answer"}`;
  return { ...kept, state: "rejected", refusal: { code: "provider_failed", message }, life };
}

/** The input is brought again, too: that it is gone may be why it was refused. */
function rearmed(job: JobRecord & RejectedJob): JobRecord {
  const { lostCreates: _forgiven, refusals: _too, ...kept } = withoutUpload(keep(job));
  return { ...kept, state: "planned" };
}
