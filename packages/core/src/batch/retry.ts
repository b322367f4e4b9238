import { closeUnsent, collectAll, readJobs, watchJobs } from "../engine/work.js";
import { LangBatchError } from "../errors.js";
import type { Line } from "../jsonl/read-lines.js";
import { planLimits } from "../plan/limits.js";
import { plan, removePlan } from "../plan/plan.js";
import { type SettledShard, unsuccessfulRequests } from "../results/read-results.js";
import { isRetryable } from "../results/retryable.js";
import { type OpenBatch, settledShards } from "./open-batch.js";
import type { CallOptions } from "./parts.js";
import { type Place, updateBatch } from "./place.js";
import { look } from "./status.js";
import { takeRound, traitsOf } from "./store.js";

/** What `retry` takes. */
export interface RetryOptions extends CallOptions {
  /**
   * `retryable` leaves out the requests that can never work as they are: those that are wrong, or
   * whose content is refused. Default: every request without a success.
   */
  readonly only?: "retryable";
}

/**
 * Brings home what has ended, and plans a new round of the requests that have no success.
 *
 * @returns whether anything was planned: where no request is left to ask again, nothing is.
 * @throws `not_ready` while anything still runs; `invalid_option`.
 */
export async function planRetry(
  place: Place,
  { record, engine, shards }: OpenBatch,
  { only, signal }: RetryOptions,
): Promise<boolean> {
  assertOnly(only);
  const before = shards.at(-1)?.round;
  await watchJobs(engine, shards, await readJobs(engine, shards), signal);
  await collectAll(engine, shards, signal);
  // What was refused must not be sent by anybody once it is part of a new round.
  await closeUnsent(engine, shards);
  const settled = await settledShards(engine, shards);

  const jobs = settled.map(({ job }) => job);
  if (look(record, shards, jobs).counts.unsuccessful === 0) return false;

  const isWanted = only === "retryable" ? retryableIn(settled) : undefined;
  const requests = requestsToRepeat(place, settled, isWanted);
  const first = await requests.next();
  if (first.done) return false;

  const taken = await takeRound(place);
  const traits = await traitsOf(place);
  const planned = await plan(startingWith(first.value, requests), {
    ...place,
    ...taken,
    traits,
    // Whoever retries need not know what the first plan was made with.
    limits: planLimits(traits, { ...record.limits, ...place.limits }, place.estimateTokens),
    noun: "Item",
    hashInput: false,
  });
  const updated = await updateBatch(place, (newest) => {
    // Another process planned a retry of the same requests meanwhile: that one counts.
    if (newest.rounds.at(-1)?.round !== before) return newest;
    const { cancelRequestedAt: _settled, ...rest } = newest;
    return { ...rest, rounds: [...newest.rounds, planned.round] };
  });
  if (updated.rounds.at(-1)?.round !== taken.round) {
    await removePlan(place.storage, { ...planned.round, id: place.id });
  }
  return true;
}

function assertOnly(only: unknown): void {
  if (only === undefined || only === "retryable") return;
  throw new LangBatchError(
    "invalid_option",
    `\`only\` is ${JSON.stringify(only)}; use "retryable", or leave it out.`,
  );
}

/** A job that failed because of its input gives its own code to all its requests. */
function retryableIn(settled: readonly SettledShard[]): (result: Buffer) => boolean {
  const failures = settled.map(({ job }) => ("job" in job ? job.job.failure : undefined));
  const ofInputs = failures.filter((failure) => failure?.kind === "input");
  const hopeless = new Set(ofInputs.map((failure) => failure?.code ?? ""));
  return (result) => isRetryable(result, hopeless);
}

async function* requestsToRepeat(
  place: Place,
  settled: readonly SettledShard[],
  isWanted: ((result: Buffer) => boolean) | undefined,
): AsyncGenerator<readonly Line[]> {
  let number = 0;
  for await (const requests of unsuccessfulRequests(place, settled, isWanted)) {
    yield requests.map((bytes) => {
      number += 1;
      return { number, bytes, length: bytes.length };
    });
  }
}

async function* startingWith<Value>(
  first: Value,
  rest: AsyncIterable<Value>,
): AsyncGenerator<Value> {
  yield first;
  yield* rest;
}
