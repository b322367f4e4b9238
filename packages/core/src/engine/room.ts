import type { JobRecord } from "../batch/records.js";
import type { Job } from "../provider/provider.js";
import type { EngineContext, Shard } from "./context.js";
import { isYetToCome } from "./next-step.js";
import { readJob, record } from "./record.js";

/** Until when the provider is not asked for room again, by model; for every model where none is named. */
export interface Closed {
  /** `undefined` where it may be asked now. */
  until(shard: Pick<Shard, "model">): number | undefined;
  /**
   * Whether one more may ask now. Where jobs are taken first and given up later, one may in each pass:
   * what becomes of it tells the others, of which nearly all would be created in vain.
   */
  mayAsk(shard: Pick<Shard, "model">): boolean;
  /** Notes that the provider had no room for a shard, and when it is asked again. */
  add(shard: Pick<Shard, "model">, until: number): void;
}

/**
 * What the records say of the room there is: limits hold for a model, so that where one shard waits
 * the others of its model wait with it instead of asking one after the other.
 */
export function closedModels(
  shards: readonly Shard[],
  jobs: readonly JobRecord[],
  now: number,
): Closed {
  const untilOf = new Map<string | undefined, number>();
  const cautious = new Set<string | undefined>();
  const asked = new Set<string | undefined>();
  const closed: Closed = {
    until({ model }) {
      const until = untilOf.get(model);
      return until !== undefined && now < until ? until : undefined;
    },
    mayAsk({ model }) {
      if (cautious.has(model) && asked.has(model)) return false;
      asked.add(model);
      return true;
    },
    add({ model }, until) {
      untilOf.set(model, Math.max(until, untilOf.get(model) ?? until));
    },
  };
  for (const [at, shard] of shards.entries()) {
    const job = jobs[at];
    if (!job || !isWaitingForRoom(job)) continue;
    if (job.endedJobs) cautious.add(shard.model);
    if (isYetToCome(job.notBefore, now)) closed.add(shard, job.notBefore);
  }
  return closed;
}

/** Whether the provider had no room for a job when it was asked last. */
export function isWaitingForRoom(
  job: JobRecord,
): job is Extract<JobRecord, { readonly state: "uploaded" }> {
  return job.state === "uploaded" && job.waiting?.code === "quota" && !job.cancelRequested;
}

/**
 * Whether a job was taken and then given up because there was no room, or no money, for it: then it
 * has run nothing, is not billed, and is created again. Whether it brought nothing its results say.
 */
export function hadNoRoom({ status, failure, counts }: Job): boolean {
  const isDone = counts !== undefined && counts.completed + counts.failed > 0;
  const isAboutRoom = failure?.kind === "quota" || failure?.kind === "account";
  return status === "failed" && isAboutRoom && !isDone;
}

/** Whether the provider has ever taken a shard as a job. */
export function isTaken(job: JobRecord): boolean {
  return "job" in job || (job.endedJobs ?? []).length > 0;
}

/** Whether a job holds a place at the provider, or may. */
export function isActive({ state }: JobRecord): boolean {
  return active.has(state);
}

const active: ReadonlySet<JobRecord["state"]> = new Set<JobRecord["state"]>([
  "creating",
  "unknown",
  "ambiguous",
  "submitted",
]);

/** Whether a job waits for room no longer: another one has ended, and it is its turn. */
export function isCalled(job: JobRecord): boolean {
  return isWaitingForRoom(job) && job.notBefore === undefined;
}

/**
 * Lets what waits for room ask again at once, where `ended` jobs have made some: as many, and one more
 * to find out whether there is more. If all of them asked, most would be created in vain.
 */
export async function makeRoom(
  engine: EngineContext,
  shards: readonly Shard[],
  jobs: readonly JobRecord[],
  ended: number,
): Promise<void> {
  const waiting = shards.filter((_shard, at) => {
    const job = jobs[at];
    return job !== undefined && isWaitingForRoom(job) && job.notBefore !== undefined;
  });
  for (const shard of waiting.slice(0, ended + 1)) {
    await record(engine, shard, await readJob(engine, shard), { came: "room" });
  }
}
