import type { Refusal } from "../batch/records.js";
import { LangBatchError } from "../errors.js";
import { decide } from "./ambiguous.js";
import type { EngineContext, Shard } from "./context.js";
import { sleepUntil } from "./ports.js";
import { run, type StepName } from "./run.js";
import { movedError } from "./work.js";

const sending: ReadonlySet<StepName> = new Set<StepName>([
  "upload",
  "intend",
  "create",
  "release",
  "doubt",
  "search",
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
  /** Why nobody can say so, one for each shard. */
  readonly doubts: readonly LangBatchError[];
}

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
 * nobody knows of, which is told.
 */
export async function submit(
  engine: EngineContext,
  shards: readonly Shard[],
  signal?: AbortSignal,
): Promise<void> {
  for (;;) {
    const { soon, doubts } = await sendShards(engine, shards, signal);
    if (soon === undefined) {
      for (const { message } of doubts) engine.ports.warn(message);
      return;
    }
    await sleepUntil(engine.ports, soon, signal);
  }
}

function refusalError({ provider }: EngineContext, refusal: Refusal): LangBatchError {
  const { code, message, status } = refusal;
  return new LangBatchError(code === "provider_failed" ? code : "rejected", message, {
    provider: provider.id,
    ...(status !== undefined && { status }),
  });
}
