import { assertCount, assertDuration } from "../assert-option.js";
import { sleepUntil, sleepUntilNews } from "../engine/clock.js";
import type { EngineContext } from "../engine/context.js";
import { isTaken } from "../engine/room.js";
import { openRunner, type Runner } from "../engine/runner.js";
import { runsHere } from "../engine/runs-here.js";
import { isToBeRearmed } from "../engine/send.js";
import { type Tell, tellOnce } from "../engine/tell-once.js";
import { LangBatchError } from "../errors.js";
import { openAuditor } from "./auditor.js";
import { goOn, type Tolerate } from "./go-on.js";
import { type KnownPlans, shardsOf } from "./open-batch.js";
import type { Pace } from "./pace.js";
import { type Place, requireBatch } from "./place.js";
import { type BatchProgress, progressOf } from "./progress.js";
import { planRetry } from "./retry.js";
import { type BatchStatus, isSettled, type RequestCounts } from "./status.js";

/** How `wait` waits. */
export interface WaitOptions {
  /** Stops the waiting; the batch itself goes on. `wait` rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * How long between two looks at the provider, in milliseconds, give or take a tenth. Default:
   * 15 000 at first, growing to 300 000; 1 000 where the jobs run in this process.
   */
  readonly pollIntervalMs?: number;
  /**
   * How many further rounds a batch gets by itself, as `retry({ only: "retryable" })` plans them, each
   * a while after the end of the one before. Counted are all rounds it ever had, so that a process
   * that waits anew pays for no more of them. A cancelled batch gets none. Default: 0.
   */
  readonly retries?: number;
  /** Called at the beginning, and whenever the status or a count has changed. */
  readonly onStatus?: (status: BatchStatus, counts: RequestCounts) => void;
  /** Called at the beginning, and after every look at the provider. */
  readonly onProgress?: (progress: BatchProgress) => void;
  /**
   * Called with every failure that may pass, while the waiting goes on; once with each create whose
   * answer is lost, with `ambiguous`, and with `duplicate_job`, none of which ends it. Default:
   * `ambiguous` and `duplicate_job` are process warnings, and of the others nobody is told; where the
   * jobs run in this process, each is a warning once.
   */
  readonly onError?: (error: LangBatchError) => void;
}

const ownPollMs = 1_000;
const firstPollMs = 15_000;
const longestPollMs = 300_000;
const pollGrowth = 1.5;

const firstRetryMs = 30_000;
const longestRetryMs = 1_800_000;
const retryGrowth = 4;

/**
 * Sends what had to wait, asks, collects and sleeps, until everything is home; or runs the jobs, where
 * the provider leaves them to this process.
 *
 * A failure that may pass (no connection, an overloaded service) does not end it: who waits a day
 * wants it to survive a closed laptop.
 */
export async function waitForAll(
  place: Place,
  engine: EngineContext,
  options: WaitOptions,
  pace: Pace,
): Promise<BatchStatus> {
  const { pollIntervalMs, retries = 0 } = options;
  assertCount("retries", retries, 0);
  if (pollIntervalMs !== undefined) assertDuration("pollIntervalMs", pollIntervalMs);
  const { provider } = engine;
  const runner = runsHere(provider) ? openRunner({ ...engine, provider }) : undefined;
  try {
    return await untilHome(place, engine, options, pace, runner);
  } finally {
    await runner?.close();
  }
}

async function untilHome(
  place: Place,
  engine: EngineContext,
  { signal, pollIntervalMs, retries = 0, onStatus, onProgress, onError }: WaitOptions,
  pace: Pace,
  runner: Runner | undefined,
): Promise<BatchStatus> {
  const { ports } = engine;
  // What is run here stands still where it fails: that must not pass unseen.
  const warn: Tell = runner
    ? tellOnce(({ message }) => ports.warn(message))
    : warnOfWorst(ports.warn);
  const tell = onError ?? warn;
  const tellDoubt = tellOnce(tell);
  let restUntil = 0;
  const tolerate = tolerator((error) => {
    tell(error);
    restUntil = engine.now() + Math.min(error.retryAfterMs ?? 0, longestPollMs);
  }, signal);
  const auditor = openAuditor(engine, tell);
  const plans: KnownPlans = new Map();
  // Nobody is asked where the jobs run here.
  const firstMs = pollIntervalMs ?? (runner ? ownPollMs : firstPollMs);
  let pollMs = firstMs;
  let told = "";
  for (;;) {
    signal?.throwIfAborted();
    // Asked for first: what ends while the others are brought home is no news afterwards.
    const runnerNews = runner?.news();
    const pollAt = engine.now() + pollMs * (0.9 + 0.2 * ports.random());
    // Read anew each time: another process may have cancelled, retried or moved the batch.
    const { value: record } = await requireBatch(place);
    const shards = await shardsOf(place, record, plans);
    const open = { record, engine, shards };
    const { jobs, seen, wakeAt, refusals } = await goOn(open, {
      signal,
      tell,
      tellDoubt,
      tolerate,
      runner,
    });

    const now = progressOf({ record, shards, jobs, seen, now: engine.now() }, pace);
    const news = JSON.stringify([now.status, now.counts]);
    if (news !== told) onStatus?.(now.status, now.counts);
    told = news;
    onProgress?.(now);
    // What was refused to another process is tried here, too, before it counts as an end.
    const isOver = jobs.every((job) => isSettled(job) && !isToBeRearmed(job, engine.life));
    const [refusal] = refusals;
    // The others are brought home first; where there are none, nobody has to wait for the reason.
    if (refusal && (isOver || !jobs.some(isTaken))) throw refusal;
    await auditor.attend(shards, isOver, signal);
    if (isOver) {
      const retried = record.rounds.length - 1;
      const isDone = retried >= retries || record.cancelRequestedAt !== undefined;
      if (isDone || now.counts.unsuccessful === 0) return now.status;
      const only = { only: "retryable", ...(signal && { signal }) } as const;
      const isPlanned = await tolerate(() =>
        planRetry(place, open, only).catch((error: unknown) => tellTooFew(error, tell)),
      );
      if (isPlanned === false) return now.status;
      await sleepUntil(engine, engine.now() + retryDelayMs(retried, ports.random()), signal);
      pollMs = firstMs;
      continue;
    }

    const lookAt = Math.max(Math.min(pollAt, wakeAt), restUntil);
    if (runnerNews) {
      await sleepUntilNews(engine, lookAt, runnerNews, signal);
    } else {
      await sleepUntil(engine, lookAt, signal);
      if (pollIntervalMs === undefined) pollMs = Math.min(pollMs * pollGrowth, longestPollMs);
    }
  }
}

/** How long after a round's end the next one begins: what had no time or no room needs some. */
function retryDelayMs(retried: number, random: number): number {
  return Math.min(firstRetryMs * retryGrowth ** retried, longestRetryMs) * (0.9 + 0.2 * random);
}

/** A few requests may be fewer than the provider takes in a job: what is home is home all the same. */
function tellTooFew(error: unknown, tell: Tell): false {
  const isTooFew =
    LangBatchError.is(error, "invalid_request") && error.problems?.[0]?.code === "too_few_requests";
  if (!isTooFew) throw error;
  tell(error);
  return false;
}

/** Tells of a failure that may pass instead of throwing it. */
function tolerator(tell: Tell, signal: AbortSignal | undefined): Tolerate {
  return async (work) => {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (!mayPass(error)) throw error;
      tell(error);
      return undefined;
    }
  };
}

/** What must not pass unseen although nobody listens. */
function warnOfWorst(warn: (message: string) => void): Tell {
  return ({ code, message }) => {
    if (code === "ambiguous" || code === "duplicate_job") warn(message);
  };
}

/** The provider's troubles pass by themselves; a full disk wants somebody to look. */
function mayPass(error: unknown): error is LangBatchError {
  if (!LangBatchError.is(error) || error.code === "ambiguous") return false;
  return error.retryable && !error.code.startsWith("storage_");
}
