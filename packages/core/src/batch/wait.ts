import { sleepUntil } from "../engine/clock.js";
import type { EngineContext } from "../engine/context.js";
import { type Tell, tellOnce } from "../engine/tell-once.js";
import { LangBatchError } from "../errors.js";
import { openAuditor } from "./auditor.js";
import { goOn, type Tolerate } from "./go-on.js";
import { type KnownPlans, shardsOf } from "./open-batch.js";
import { assertDuration, type Place, requireBatch } from "./place.js";
import { type BatchStatus, isSettled, look, type RequestCounts } from "./status.js";

/** How `wait` waits. */
export interface WaitOptions {
  /** Stops the waiting; the batch itself goes on. `wait` rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * How long between two looks at the provider, in milliseconds, give or take a tenth. Default:
   * 15 000 at first, growing to 300 000.
   */
  readonly pollIntervalMs?: number;
  /** Called at the beginning, and whenever the status or a count has changed. */
  readonly onStatus?: (status: BatchStatus, counts: RequestCounts) => void;
  /**
   * Called with every failure that may pass, while the waiting goes on; once with each create whose
   * answer is lost, with `ambiguous`, and with `duplicate_job`, none of which ends it. Default:
   * `ambiguous` and `duplicate_job` are process warnings, and of the others nobody is told.
   */
  readonly onError?: (error: LangBatchError) => void;
}

const firstPollMs = 15_000;
const longestPollMs = 300_000;
const pollGrowth = 1.5;

/**
 * Sends what had to wait, asks, collects and sleeps, until everything is home.
 *
 * A failure that may pass (no connection, an overloaded service) does not end it: who waits a day
 * wants it to survive a closed laptop.
 */
export async function waitForAll(
  place: Place,
  engine: EngineContext,
  { signal, pollIntervalMs, onStatus, onError }: WaitOptions,
): Promise<BatchStatus> {
  if (pollIntervalMs !== undefined) assertDuration("pollIntervalMs", pollIntervalMs);
  const { ports } = engine;
  const tell = onError ?? warnOfWorst(ports.warn);
  const tellDoubt = tellOnce(tell);
  const tolerate = tolerator(tell, signal);
  const auditor = openAuditor(engine, tell);
  const plans: KnownPlans = new Map();
  let pollMs = pollIntervalMs ?? firstPollMs;
  let told = "";
  for (;;) {
    signal?.throwIfAborted();
    const pollAt = engine.now() + pollMs * (0.9 + 0.2 * ports.random());
    // Read anew each time: another process may have cancelled, retried or moved the batch.
    const { value: record } = await requireBatch(place);
    const shards = await shardsOf(place, record, plans);
    const open = { record, engine, shards };
    const { jobs, seen, wakeAt } = await goOn(open, { signal, tell, tellDoubt, tolerate });

    const now = look(record, shards, jobs, seen);
    const news = JSON.stringify(now);
    if (news !== told) onStatus?.(now.status, now.counts);
    told = news;
    const isOver = jobs.every(isSettled);
    await auditor.attend(shards, isOver, signal);
    if (isOver) return now.status;

    await sleepUntil(engine, Math.min(pollAt, wakeAt), signal);
    if (pollIntervalMs === undefined) pollMs = Math.min(pollMs * pollGrowth, longestPollMs);
  }
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
