import { isHome, type JobRecord } from "../batch/records.js";
import { LangBatchError } from "../errors.js";
import type { Job } from "../provider/provider.js";
import { assertSameAccount } from "./account.js";
import { earliest, sleepUntil } from "./clock.js";
import type { EngineContext, Shard } from "./context.js";
import { isTerminal } from "./evolve.js";
import { readJob, record } from "./record.js";
import { run, type StepName } from "./run.js";
import { runsHere } from "./runs-here.js";
import { shardsAtOnce, sideBySide } from "./side-by-side.js";

const collecting: ReadonlySet<StepName> = new Set<StepName>(["collect", "discard"]);
const cleaning: ReadonlySet<StepName> = new Set<StepName>(["discard", "clean"]);
const cancelling: ReadonlySet<StepName> = new Set<StepName>(["cancel"]);

/** Records are small, and far away where the storage is a service. */
const recordsAtOnce = 16;

/** One is read while another one is written; each more would hold an index of its requests. */
const collectedAtOnce = 2;

/** What the provider says of the jobs that run there. */
export interface Watched {
  readonly seen: ReadonlyMap<Shard, Job>;
  /** The ids of those it did not show, which may pass. */
  readonly unseen: readonly string[];
}

/**
 * Asks the provider about every job that runs there, and records those that have ended. `jobs` are
 * the shards' records as they were read last.
 *
 * @throws `wrong_account` where one is not shown because another key asks.
 */
export async function watchJobs(
  engine: EngineContext,
  shards: readonly Shard[],
  jobs: readonly JobRecord[],
  signal?: AbortSignal,
): Promise<Watched> {
  if (runsHere(engine.provider)) return { seen: recordedJobs(engine, shards, jobs), unseen: [] };
  const running = new Map<string, Shard>();
  for (const [at, shard] of shards.entries()) {
    const job = jobs[at];
    if (job?.state === "moved") throw movedError(engine.id);
    if (job?.state === "submitted") running.set(job.job.id, shard);
  }
  const seen = new Map<Shard, Job>();
  if (running.size === 0) return { seen, unseen: [] };
  const context = { endpoint: engine.endpoint.url, ...(signal && { signal }) };
  for await (const job of engine.provider.get([...running.keys()], context)) {
    const shard = running.get(job.id);
    if (!shard) continue;
    running.delete(job.id);
    seen.set(shard, job);
  }
  const ended = [...seen].filter(([, { status }]) => isTerminal(status));
  await sideBySide(engine.company.scatter(ended), shardsAtOnce, async ([shard, job]) => {
    const stored = await readJob(engine, shard);
    await record(engine, shard, stored, { came: "seen", job });
  });
  for (const shard of running.values()) {
    const { value } = await readJob(engine, shard);
    const account = value.state === "submitted" ? value.job.account : undefined;
    await assertSameAccount(engine.provider, account ?? value.account, context);
  }
  return { seen, unseen: [...running.keys()] };
}

/** How far the jobs have come that processes of ours run, as those recorded it last. */
export function recordedJobs(
  { id }: EngineContext,
  shards: readonly Shard[],
  jobs: readonly JobRecord[],
): ReadonlyMap<Shard, Job> {
  const recorded = new Map<Shard, Job>();
  for (const [at, shard] of shards.entries()) {
    const job = jobs[at];
    if (job?.state === "moved") throw movedError(id);
    if (job?.state === "submitted") recorded.set(shard, job.job);
  }
  return recorded;
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
  const scattered = engine.company.scatter(shards);
  const times = await sideBySide(scattered, collectedAtOnce, async (shard) => {
    const { found, job, step } = await run(engine, shard, collecting, signal);
    if (isHome(found)) engine.company.meet();
    if (step.do === "leave") throw movedError(engine.id);
    return job.state === "terminal" && step.do === "wait" ? [step.until] : [];
  });
  return earliest(times.flat());
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
    await sleepUntil(engine, again, signal);
  }
}

/** Makes every job that has not ended stop: never created, or cancelled at the provider. */
export async function cancelJobs(
  engine: EngineContext,
  shards: readonly Shard[],
  signal?: AbortSignal,
): Promise<void> {
  await sideBySide(shards, shardsAtOnce, async (shard) => {
    await requestCancel(engine, shard);
    const { step } = await run(engine, shard, cancelling, signal);
    if (step.do === "leave") throw movedError(engine.id);
  });
}

/** Deletes what the provider keeps of the jobs whose results are all home. */
export async function cleanJobs(
  engine: EngineContext,
  shards: readonly Shard[],
  signal?: AbortSignal,
): Promise<void> {
  await sideBySide(shards, shardsAtOnce, async (shard) => {
    const { step } = await run(engine, shard, cleaning, signal);
    if (step.do === "leave") throw movedError(engine.id);
  });
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
  await record(engine, shard, stored, { came: "cancel-requested" });
}

/** Where every shard's job stands, without asking anybody. */
export async function readJobs(
  engine: EngineContext,
  shards: readonly Shard[],
): Promise<readonly JobRecord[]> {
  return sideBySide(shards, recordsAtOnce, async (shard) => (await readJob(engine, shard)).value);
}

/** What goes on in a storage that the batch has left. */
export function movedError(id: string): LangBatchError {
  return new LangBatchError(
    "batch_moved",
    `The batch ${id} was moved to another storage. Load it from there.`,
  );
}
