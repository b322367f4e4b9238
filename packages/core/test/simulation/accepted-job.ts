import type { Job, JobFailure, JobStatus } from "../../src/index.js";
import { type Conditions, epochMs } from "./conditions.js";
import type { Random } from "./random.js";
import type { SentRequest } from "./sent-request.js";

/** What a job answered to one request. */
interface Answer {
  /** The result line as the user gets it, without its end. */
  readonly line: string;
  readonly isSuccess: boolean;
}

/** A job that the provider has accepted, and all that will come of it. Times of the world. */
export interface AcceptedJob {
  readonly id: string;
  readonly tag: string;
  /** The upload it was made from; `undefined` where the create brought its input along. */
  readonly inputId: string | undefined;
  readonly customIds: readonly string[];
  /** What each request goes by at the provider, in the same order. */
  readonly wireIds: readonly string[];
  readonly acceptedAt: number;
  /** From when on a list shows it, and from when on it is found by its id. */
  readonly listedAt: number;
  readonly seenAt: number;
  readonly endsAt: number;
  /** From when on it no longer needs its input. */
  readonly validatedAt: number;
  readonly end: JobStatus;
  readonly failure: JobFailure | undefined;
  /** What it answers; a request that is not here gets no answer. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** How often its results were cut short without a word. */
  shortReads: number;
}

type BadEnd = "expired" | "cancelled" | "failed";
const noFailure: readonly [BadEnd, ...BadEnd[]] = ["expired", "cancelled"];
const anyBadEnd: readonly [BadEnd, ...BadEnd[]] = [...noFailure, "failed"];

/** Accepts a job now, and decides what will come of it. */
export function acceptJob(
  { id, tag, inputId }: Pick<AcceptedJob, "id" | "tag" | "inputId">,
  requests: readonly SentRequest[],
  now: number,
  conditions: Conditions,
  random: Random,
): AcceptedJob {
  const customIds = requests.map(({ customId }) => customId);
  // Where only results tell whose a job is, none fails as a whole.
  const badEnds = conditions.shows === "nothing" ? noFailure : anyBadEnd;
  const end = random.chance(conditions.badEnds) ? random.pick(badEnds) : "completed";
  const runsMs = random.between(1_000, conditions.runsMs);
  const answers = new Map<string, Answer>();
  for (const customId of end === "failed" ? [] : customIds) {
    const isAnswered = !random.chance(end === "completed" ? conditions.badEnds / 3 : 0.5);
    if (!isAnswered) continue;
    const isSuccess = !random.chance(conditions.badEnds);
    // Different at every job, so that no answer passes for another one's.
    const token = `${id}-${customId}-${random.between(0, 999_999)}`;
    answers.set(customId, { line: resultLine(customId, token, isSuccess), isSuccess });
  }
  return {
    id,
    tag,
    inputId,
    customIds,
    wireIds: requests.map(({ wireId }) => wireId),
    acceptedAt: now,
    listedAt: now + random.between(0, conditions.listLagMs),
    seenAt: now + random.between(0, conditions.getLagMs),
    endsAt: now + runsMs,
    validatedAt: now + random.between(0, Math.min(conditions.needsInputMs, runsMs)),
    end,
    failure: end === "failed" ? failureOf(random) : undefined,
    answers,
    shortReads: 0,
  };
}

/** Whether anything of a job was run: one that failed as a whole is not billed. */
export function isBilled({ end }: AcceptedJob): boolean {
  return end !== "failed";
}

/** Why a job fails whose input is deleted too soon. */
export const inputDeleted = "input_deleted";

/** What becomes of a job whose input is deleted now. */
export function withoutInput(job: AcceptedJob, now: number): AcceptedJob {
  if (now >= job.validatedAt) return job;
  const failure: JobFailure = {
    kind: "input",
    code: inputDeleted,
    message: "The input was deleted before it was read.",
  };
  return { ...job, endsAt: now, validatedAt: now, end: "failed", failure, answers: new Map() };
}

/** What becomes of a job for which there is no room: it fails before anything of it is run. */
export function withoutRoom(job: AcceptedJob, random: Random): AcceptedJob {
  const failure: JobFailure = {
    kind: random.pick(["quota", "account"]),
    code: "no_room",
    message: "Too much is enqueued.",
  };
  const endsAt = job.validatedAt;
  return { ...job, endsAt, end: "failed", failure, answers: new Map() };
}

/** The job as the provider reports it at a time. */
export function reportJob(job: AcceptedJob, now: number, conditions: Conditions): Job {
  const { id, tag, inputId, customIds, failure } = job;
  const status = statusAt(job, now, conditions);
  const isOver = status === job.end;
  const createdAt = epochMs + job.acceptedAt + conditions.providerSkewMs;
  return {
    id,
    status,
    rawStatus: status,
    // The provider counts seconds.
    createdAt: Math.floor(createdAt / 1_000) * 1_000,
    ...((conditions.shows === "both" || conditions.shows === "tag") && { tag }),
    ...(conditions.shows !== "tag" && inputId !== undefined && { inputId }),
    requests: customIds.length,
    ...(isOver && failure && { failure }),
  };
}

/** As a service may call it one day. */
const statusOfTomorrow: string = "reviewing";

function statusAt(
  { acceptedAt, endsAt, validatedAt, end }: AcceptedJob,
  now: number,
  { unknownStatus }: Conditions,
): JobStatus {
  if (now >= endsAt) return end;
  const done = (now - acceptedAt) / (endsAt - acceptedAt);
  if (done < 0.1 || now < validatedAt || end === "failed") return "validating";
  if (unknownStatus && done < 0.6) return statusOfTomorrow as JobStatus;
  if (done < 0.8) return "in_progress";
  return end === "cancelled" ? "cancelling" : "finalizing";
}

function failureOf(random: Random): JobFailure {
  const kind = random.pick(["quota", "provider", "input"] as const);
  return { kind, code: `job_${kind}`, message: "Nothing of it was run." };
}

function resultLine(customId: string, token: string, isSuccess: boolean): string {
  const body = isSuccess
    ? `{"id":"${token}","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"answer ${token}"}}]}`
    : '{"error":{"code":"bad_request","message":"It was a bad request."}}';
  return `{"id":"r-${token}","custom_id":"${customId}","response":{"status_code":${isSuccess ? 200 : 400},"request_id":"q-${token}","body":${body}},"error":null}`;
}
