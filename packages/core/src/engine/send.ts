import type { JobRecord, Refusal, UnknownJob } from "../batch/records.js";
import { LangBatchError } from "../errors.js";
import { decide } from "./ambiguous.js";
import { sleepUntil } from "./clock.js";
import type { EngineContext, Shard } from "./context.js";
import { nextStep } from "./next-step.js";
import { run, type StepName } from "./run.js";
import { tellOnce } from "./tell-once.js";
import { movedError } from "./work.js";

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
  readonly soon?: number;
  /** The provider has no room, or nobody can say whether a job exists: either may last for hours. */
  readonly later?: number;
  /** What is not known of which shard, and what comes of that: for a person. */
  readonly doubts: readonly LangBatchError[];
}

/** Whether a job's record leaves something to send, to look for, to cancel or to say. */
export function isForSending({ life, now }: EngineContext, job: JobRecord): boolean {
  const { do: next } = nextStep(job, life, now());
  return sending.has(next as StepName) || (waiting.has(next) && job.state !== "terminal");
}

const waiting: ReadonlySet<string> = new Set(["wait", "decide", "refuse", "leave"]);

/**
 * Sends every shard that may be sent now, each as far as it gets.
 *
 * @throws `rejected` where the provider will not take a shard; `ambiguous` where the user wants that.
 */
export async function sendShards(
  engine: EngineContext,
  shards: readonly Shard[],
  signal?: AbortSignal,
): Promise<Waiting> {
  const soon: number[] = [];
  const later: number[] = [];
  const doubts: LangBatchError[] = [];
  for (const shard of shards) {
    let { job, step } = await run(engine, shard, sending, signal);
    if (step.do === "decide") {
      const doubt = await decide(engine, shard, signal);
      if (doubt) doubts.push(doubt);
      else ({ job, step } = await run(engine, shard, sending, signal));
    }
    if (step.do === "leave") throw movedError(engine.id);
    if (step.do === "refuse") throw refusalError(engine, step.refusal);
    if (step.do === "decide") later.push(step.until);
    if (job.state === "unknown") doubts.push(lostAnswerError(engine, shard, job));
    if (step.do !== "wait" || job.state === "terminal") continue;
    const isForQuota = job.state === "uploaded" && job.waiting?.code === "quota";
    (isForQuota ? later : soon).push(step.until);
  }
  return {
    ...(soon.length > 0 && { soon: Math.min(...soon) }),
    ...(later.length > 0 && { later: Math.min(...later) }),
    doubts,
  };
}

/**
 * Sends every shard; comes back once nothing is left but what the provider has no room for, and what
 * looking cannot tell. Whatever is in doubt is a warning: it is why this may take half an hour.
 */
export async function submit(
  engine: EngineContext,
  shards: readonly Shard[],
  signal?: AbortSignal,
): Promise<void> {
  const warn = tellOnce(({ message }) => engine.ports.warn(message));
  for (;;) {
    const { soon, doubts } = await sendShards(engine, shards, signal);
    for (const doubt of doubts) warn(doubt);
    if (soon === undefined) return;
    await sleepUntil(engine, soon, signal);
  }
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
