import type { JobRecord, Refusal, UnknownJob } from "../batch/records.js";
import { LangBatchError } from "../errors.js";
import { decide } from "./ambiguous.js";
import { earliest, sleepUntil } from "./clock.js";
import type { EngineContext, Shard } from "./context.js";
import { nextStep } from "./next-step.js";
import { openPlaces } from "./places.js";
import { retryDelayMs } from "./retry-delay.js";
import { closedModels, isActive, isCalled, isTaken, isWaitingForRoom } from "./room.js";
import { run, type StepName } from "./run.js";
import { shardsAtOnce, sideBySide } from "./side-by-side.js";
import { tellOnce } from "./tell-once.js";
import { movedError, readJobs } from "./work.js";

const sending: ReadonlySet<StepName> = new Set<StepName>([
  "upload",
  "intend",
  "create",
  "release",
  "doubt",
  "search",
  "condemn",
  "fence",
  "repeat",
  "rearm",
  "cancel",
]);

/** When what could not be sent now may be tried again, in milliseconds since 1970. */
export interface Waiting {
  /** A create's fate is still open, or the provider needs a moment. */
  readonly soon: number | undefined;
  /** The provider has no room, or nobody can say whether a job exists: either may last for hours. */
  readonly later: number | undefined;
  /** What is not known of which shard, and what comes of that: for a person. */
  readonly doubts: readonly LangBatchError[];
  /** Why the provider will not take some of the shards; the others are none the worse for it. */
  readonly refusals: readonly LangBatchError[];
  /** Whether some shards are not sent although nothing is wrong: others must end first. */
  readonly isFull: boolean;
}

const waiting: ReadonlySet<string> = new Set(["wait", "decide", "refuse", "leave"]);

/** Whether a job's record leaves something to send, to look for, to cancel or to say. */
export function isForSending({ life, now }: EngineContext, job: JobRecord): boolean {
  const { do: next } = nextStep(job, life, now());
  return sending.has(next as StepName) || (waiting.has(next) && job.state !== "terminal");
}

/**
 * Sends every shard that may be sent now, each as far as it gets: no more of them at a time than
 * `maxActiveJobs`, and none of a model for which there is no room. `jobs` are the shards' records as
 * they were read last.
 *
 * @throws `ambiguous` where the user wants that; whatever says nothing of one shard alone.
 */
export async function sendShards(
  engine: EngineContext,
  shards: readonly Shard[],
  jobs: readonly JobRecord[],
  signal?: AbortSignal,
): Promise<Waiting> {
  const soon: number[] = [];
  const later: number[] = [];
  const doubts: LangBatchError[] = [];
  const refusals: LangBatchError[] = [];
  const unsent = shards.flatMap((shard, at) => {
    const before = jobs[at];
    return before && isForSending(engine, before) ? [{ shard, before }] : [];
  });
  const closed = closedModels(shards, jobs, engine.now());
  const isAsking = unsent.some(({ before }) => isUnasked(before, engine.life));
  const places = openPlaces(jobs, isAsking ? await engine.maxActiveJobs(signal) : 0);
  let isAnyTaken = jobs.some(isTaken);

  async function send({ shard, before }: Unsent): Promise<void> {
    const isNew = isUnasked(before, engine.life);
    if (isNew) {
      const until = isCalled(before) ? undefined : closed.until(shard);
      if (until !== undefined) later.push(until);
      const mayAsk = until === undefined && (isCalled(before) || closed.mayAsk(shard));
      if (!mayAsk || !places.take()) {
        if (isWaitingForRoom(before)) doubts.push(noRoomError(engine, before.waiting));
        return;
      }
    }
    const standing = await run(engine, shard, sending, signal).catch(noRoomForInput);
    if (standing instanceof LangBatchError) {
      if (isNew) places.give();
      const until = engine.now() + retryDelayMs(1, engine.ports.random(), standing.retryAfterMs);
      waitForRoom(shard, until, standing);
      return;
    }
    let { job, step } = standing;
    const isWithAnother = job.state === "creating" && job.life !== engine.life;
    if (standing.found.state !== before.state || isWithAnother) engine.company.meet();
    if (step.do === "decide") {
      const doubt = await decide(engine, shard, signal);
      if (doubt) doubts.push(doubt);
      else ({ job, step } = await run(engine, shard, sending, signal));
    }
    if (step.do === "leave") throw movedError(engine.id);
    if (isNew && !isActive(job)) places.give();
    isAnyTaken ||= isTaken(job);
    if (step.do === "refuse") refusals.push(refusalError(engine, step.refusal));
    if (step.do === "decide") later.push(step.until);
    if (job.state === "unknown") doubts.push(lostAnswerError(engine, shard, job));
    if (step.do !== "wait" || job.state === "terminal") return;
    if (!isWaitingForRoom(job)) {
      soon.push(step.until);
      return;
    }
    waitForRoom(shard, step.until, job.waiting);
  }

  function waitForRoom(shard: Shard, until: number, reason: Reason | undefined): void {
    later.push(until);
    closed.add(shard, until);
    doubts.push(noRoomError(engine, reason));
  }

  // Where the first is refused the others would be, too: a wrong key is told at once, and once.
  const alone = isAnyTaken ? 0 : 1;
  for (const first of unsent.slice(0, alone)) await send(first);
  if (isAnyTaken || refusals.length === 0) {
    await sideBySide(engine.company.scatter(unsent.slice(alone)), shardsAtOnce, send);
  }
  return {
    soon: earliest(soon),
    later: earliest(later),
    ...{ doubts, refusals, isFull: places.areFull },
  };
}

/** Why there is no room. */
type Reason = Pick<Refusal, "message">;

interface Unsent {
  readonly shard: Shard;
  readonly before: JobRecord;
}

/** Nothing runs of it at the provider, and it is about to be asked for: it can wait for a place. */
function isUnasked(job: JobRecord, life: string): boolean {
  return job.state === "planned" || job.state === "uploaded" || isToBeRearmed(job, life);
}

/** Whether it was refused to another life, and this one tries it, too. */
export function isToBeRearmed(job: JobRecord, life: string): boolean {
  return job.state === "rejected" && job.life !== life && !job.cancelRequested;
}

/**
 * Sends every shard; comes back once nothing is left but what the provider has no room for, what
 * waits for others to end, and what looking cannot tell. Whatever is in doubt is a warning: it is why
 * this may take half an hour.
 *
 * @throws `rejected` where the provider will not take one of them, once the others are sent.
 */
export async function submit(
  engine: EngineContext,
  shards: readonly Shard[],
  signal?: AbortSignal,
): Promise<void> {
  const warn = tellOnce(({ message }) => engine.ports.warn(message));
  for (;;) {
    const jobs = await readJobs(engine, shards);
    const { soon, doubts, refusals } = await sendShards(engine, shards, jobs, signal);
    for (const doubt of doubts) warn(doubt);
    if (soon === undefined) {
      if (refusals[0]) throw refusals[0];
      return;
    }
    await sleepUntil(engine, soon, signal);
  }
}

/** An upload that finds no room leaves nothing behind: the shard is as it was. */
function noRoomForInput(error: unknown): LangBatchError {
  if (LangBatchError.is(error, "quota")) return error;
  throw error;
}

function noRoomError({ id, provider }: EngineContext, reason: Reason | undefined): LangBatchError {
  return new LangBatchError(
    "quota",
    `Jobs of batch ${id} wait for room at ${provider.id}, and are sent once there is some: ${reason?.message ?? "no reason is known."}`,
    { provider: provider.id, retryable: true },
  );
}

function lostAnswerError(
  { id, provider }: EngineContext,
  { round, shard }: Shard,
  { answer, settleMs, since, sendBy }: UnknownJob,
): LangBatchError {
  const [reason = "the process that sent it has died"] = answer?.split("\n") ?? [];
  // Two windows: one before its input is deleted, one after.
  const minutes = Math.ceil((2 * (settleMs + sendBy - since)) / 60_000);
  return new LangBatchError(
    "provider_failed",
    `The answer to the creation of shard ${shard}, round ${round}, of batch ${id} is lost: ${reason.replace(/\.$/, "")}. Its job is looked for, for up to ${minutes} minutes, before it is created again: nothing is paid twice.`,
    { provider: provider.id, retryable: true },
  );
}

function refusalError({ provider }: EngineContext, refusal: Refusal): LangBatchError {
  const { code, message, status } = refusal;
  return new LangBatchError(code === "provider_failed" ? code : "rejected", message, {
    provider: provider.id,
    ...(status !== undefined && { status }),
  });
}
