import type { Refusal } from "../batch/records.js";
import { LangBatchError } from "../errors.js";
import type { Job } from "../provider/provider.js";
import type { EngineContext, Shard } from "./context.js";
import { isTerminal } from "./evolve.js";
import { sleepUntil } from "./ports.js";
import { readJob, record, run, type Standing, type StepName } from "./run.js";

const sending: ReadonlySet<StepName> = new Set<StepName>([
  "upload",
  "intend",
  "create",
  "release",
  "doubt",
  "search",
  "fence",
  "rearm",
  "cancel",
]);

const collecting: ReadonlySet<StepName> = new Set<StepName>(["collect"]);
const cancelling: ReadonlySet<StepName> = new Set<StepName>(["cancel"]);

/** When what could not be sent now may be tried again, in milliseconds since 1970. */
export interface Waiting {
  /** A create's fate is still open, or the provider needs a moment. */
  readonly soon?: number;
  /** The provider has no room, which may last for hours. */
  readonly quota?: number;
}

/**
 * Sends every shard that may be sent now, each as far as it gets.
 *
 * @throws `rejected` where the provider will not take a shard.
 */
export async function sendShards(
  engine: EngineContext,
  shards: readonly Shard[],
  signal?: AbortSignal,
): Promise<Waiting> {
  const soon: number[] = [];
  const quota: number[] = [];
  for (const shard of shards) {
    const { job, step } = await run(engine, shard, sending, signal);
    if (step.do === "leave") throw movedError(engine.id);
    if (step.do === "refuse") throw refusalError(engine, step.refusal);
    if (step.do !== "wait" || job.state === "terminal") continue;
    const isForQuota = job.state === "uploaded" && job.waiting?.code === "quota";
    (isForQuota ? quota : soon).push(step.until);
  }
  return {
    ...(soon.length > 0 && { soon: Math.min(...soon) }),
    ...(quota.length > 0 && { quota: Math.min(...quota) }),
  };
}

/** Sends every shard; comes back once nothing is left but what the provider has no room for. */
export async function submit(
  engine: EngineContext,
  shards: readonly Shard[],
  signal?: AbortSignal,
): Promise<void> {
  for (;;) {
    const { soon } = await sendShards(engine, shards, signal);
    if (soon === undefined) return;
    await sleepUntil(engine.ports, soon, signal);
  }
}

/** What the provider says of the jobs that run there. */
export interface Watched {
  readonly seen: ReadonlyMap<Shard, Job>;
  /** The ids of those it did not show, which may pass. */
  readonly unseen: readonly string[];
}

/** Asks the provider about every job that runs there, and records those that have ended. */
export async function watchJobs(
  engine: EngineContext,
  shards: readonly Shard[],
  signal?: AbortSignal,
): Promise<Watched> {
  const running = new Map<string, Shard>();
  for (const shard of shards) {
    const { value } = await readJob(engine, shard);
    if (value.state === "moved") throw movedError(engine.id);
    if (value.state === "submitted") running.set(value.job.id, shard);
  }
  const seen = new Map<Shard, Job>();
  if (running.size === 0) return { seen, unseen: [] };
  const context = { endpoint: engine.endpoint.url, ...(signal && { signal }) };
  for await (const job of engine.provider.get([...running.keys()], context)) {
    const shard = running.get(job.id);
    if (!shard) continue;
    running.delete(job.id);
    seen.set(shard, job);
    if (!isTerminal(job.status)) continue;
    const stored = await readJob(engine, shard);
    await record(engine, shard, stored, { came: "seen", job }, engine.ports.now());
  }
  return { seen, unseen: [...running.keys()] };
}

/**
 * Brings home the results of every job that has ended.
 *
 * @returns when to come again because some were fetched incomplete, or `undefined`.
 */
export async function collectJobs(
  engine: EngineContext,
  shards: readonly Shard[],
  signal?: AbortSignal,
): Promise<number | undefined> {
  let soonest: number | undefined;
  for (const shard of shards) {
    const { job, step } = await run(engine, shard, collecting, signal);
    if (step.do === "leave") throw movedError(engine.id);
    if (job.state !== "terminal" || step.do !== "wait") continue;
    soonest = Math.min(soonest ?? step.until, step.until);
  }
  return soonest;
}

/** Brings home all that has ended; what comes back incomplete is fetched again after a while. */
export async function collectAll(
  engine: EngineContext,
  shards: readonly Shard[],
  signal?: AbortSignal,
): Promise<void> {
  for (;;) {
    const again = await collectJobs(engine, shards, signal);
    if (again === undefined) return;
    await sleepUntil(engine.ports, again, signal);
  }
}

/** Makes every job that has not ended stop: never created, or cancelled at the provider. */
export async function cancelJobs(
  engine: EngineContext,
  shards: readonly Shard[],
  signal?: AbortSignal,
): Promise<void> {
  for (const shard of shards) {
    await requestCancel(engine, shard);
    const { step } = await run(engine, shard, cancelling, signal);
    if (step.do === "leave") throw movedError(engine.id);
  }
}

/** Sees to it that nobody sends what a provider has refused any more. */
export async function closeUnsent(engine: EngineContext, shards: readonly Shard[]): Promise<void> {
  for (const shard of shards) {
    const { value } = await readJob(engine, shard);
    if (value.state === "rejected") await requestCancel(engine, shard);
  }
}

async function requestCancel(engine: EngineContext, shard: Shard): Promise<void> {
  const stored = await readJob(engine, shard);
  await record(engine, shard, stored, { came: "cancel-requested" }, engine.ports.now());
}

/** Where every shard's job stands, without asking anybody. */
export async function readJobs(
  engine: EngineContext,
  shards: readonly Shard[],
): Promise<readonly Standing["job"][]> {
  const jobs: Standing["job"][] = [];
  for (const shard of shards) jobs.push((await readJob(engine, shard)).value);
  return jobs;
}

/** What goes on in a storage that the batch has left. */
export function movedError(id: string): LangBatchError {
  return new LangBatchError(
    "batch_moved",
    `The batch ${id} was moved to another storage. Load it from there.`,
  );
}

function refusalError({ provider }: EngineContext, refusal: Refusal): LangBatchError {
  const { code, message, status } = refusal;
  return new LangBatchError(code === "provider_failed" ? code : "rejected", message, {
    provider: provider.id,
    ...(status !== undefined && { status }),
  });
}
