import { type JobRecord, shardKey } from "../batch/records.js";
import { LangBatchError } from "../errors.js";
import type { CallContext, Job } from "../provider/provider.js";
import type { ResultError } from "../provider/wire.js";
import { derivesIds, wireIdOf } from "../provider/wire-id.js";
import {
  type OrderedResults,
  orderResults,
  type ResultOrder,
  spoolResults,
  strayLines,
} from "../results/collect.js";
import { type LearnedIds, learnIds } from "../results/learned-ids.js";
import { resultReader } from "../results/read-result.js";
import type { ResultIndex } from "../results/result-index.js";
import { openJournal } from "../storage/open-journal.js";
import { temporaryFile } from "../temporary-file.js";
import type { EngineContext, Shard } from "./context.js";
import type { Outcome } from "./evolve.js";
import { isSomeOf } from "./identify.js";
import { retryDelayMs } from "./retry-delay.js";
import { hadNoRoom } from "./room.js";
import { runsHere } from "./runs-here.js";
import { wireTraitsOf } from "./wire-traits.js";

/** How often results that lack requests are fetched again: a download can end early and say nothing. */
const mostShortReads = 2;
const shortReadDelayMs = 10_000;

/**
 * Brings the results of one ended job home: the provider's lines to a local file, then one line for
 * each request, in input order, to the storage.
 */
export async function collectJob(
  engine: EngineContext,
  shard: Shard,
  record: JobRecord,
  context: CallContext,
): Promise<Outcome> {
  if (record.state !== "terminal") throw new TypeError("Only an ended job is collected.");
  const { provider, endpoint } = engine;
  const traits = await wireTraitsOf(engine, shard, context);
  if (record.provisional && traits) {
    const ids = await engine.contents.someIds(record.job, traits.wire, context);
    if (!isSomeOf(ids, engine, shard)) {
      const mayTellLater = ids.length === 0 && record.shortReads < mostShortReads;
      return mayTellLater ? short(engine, record) : { came: "stranger" };
    }
  }
  const file = await temporaryFile();
  try {
    await file.hide();
    const isResponse = (body: object) => endpoint.isResponse(body);
    const reader = resultReader(traits?.wire);
    // What somebody else called the requests is known once all results are read.
    const learned = record.adopted ? learnIds(reader) : undefined;
    const key = shardKey(engine.id, shard.round, shard.shard, "journal");
    const journal = runsHere(provider) ? openJournal(engine.storage, key) : undefined;
    const lines = provider.results(record.job, context, journal);
    const index = await spoolResults(lines, file, isResponse, learned?.read ?? reader);
    const mayHaveRunNothing = hadNoRoom(record.job) && mayBeSentAgain(engine, record);
    if (mayHaveRunNothing && index.size === 0) return noRoom(engine, record);
    const { results, ordered } = await store(engine, shard, index, {
      isResponse,
      unanswered: reasonWithoutAnswer(record.job, engine.now()),
      ...(traits && derivesIds(traits) && { wireIdAt: wireIdsOf(engine, shard, learned) }),
    });
    // Lines of nobody's requests are no answers.
    if (mayHaveRunNothing && ordered.unanswered === shard.requests) {
      await engine.storage.remove(resultsKey(engine, shard, results.number));
      return noRoom(engine, record);
    }
    // A journal of ours is whole: reading it again would show the same.
    const isShort = ordered.unanswered > 0 && record.job.status !== "failed" && !journal;
    if (!isShort || record.shortReads >= mostShortReads) {
      await storeStrays(engine, shard, index, results.number);
      return { came: "collected", results };
    }
    await engine.storage.remove(resultsKey(engine, shard, results.number));
    return short(engine, record);
  } finally {
    await file.remove();
  }
}

/** What the requests of a shard go by. */
function wireIdsOf(
  { nonce }: EngineContext,
  { round, firstOrdinal, requests }: Shard,
  learned: LearnedIds | undefined,
): (position: number) => string | undefined {
  if (learned) return (position) => learned.wireIdAt(position, requests);
  return (position) => wireIdOf({ nonce, round }, firstOrdinal + position);
}

function short({ now }: EngineContext, { shortReads }: TerminalJob): Outcome {
  return { came: "short", retryAt: now() + shortReadDelayMs * (shortReads + 1) };
}

type TerminalJob = Extract<JobRecord, { readonly state: "terminal" }>;

/** A job that somebody else created has no input here that could be sent. */
function mayBeSentAgain({ provider }: EngineContext, job: JobRecord): boolean {
  const wasSentHere = job.upload !== undefined || job.earlierInputs !== undefined;
  return !job.cancelRequested && (wasSentHere || !provider.upload);
}

function noRoom({ now, ports }: EngineContext, { tries, job }: TerminalJob): Outcome {
  const { code, message } = job.failure ?? { code: "no_room", message: "It gave no reason." };
  const refusal = { code: "quota", message: `The job failed with ${code}: ${message}` };
  return { came: "no-room", refusal, retryAt: now() + retryDelayMs(tries, ports.random()) };
}

async function store(
  engine: EngineContext,
  shard: Shard,
  index: ResultIndex,
  order: ResultOrder,
): Promise<{
  readonly results: Extract<Outcome, { readonly came: "collected" }>["results"];
  readonly ordered: OrderedResults;
}> {
  const { id, storage } = engine;
  const input = shardKey(id, shard.round, shard.shard, "input");
  // An earlier collection that did not finish has left its blob: keys are never used again.
  for (let number = 0; ; number += 1) {
    const ordered = orderResults(storage.readBlob(input), index, order);
    try {
      const blob = await storage.writeBlob(resultsKey(engine, shard, number), ordered.bytes);
      return { results: { number, ...blob, counts: ordered.counts }, ordered };
    } catch (error) {
      if (!LangBatchError.is(error, "storage_conflict")) throw error;
    }
  }
}

async function storeStrays(
  { id, storage }: EngineContext,
  shard: Shard,
  index: ResultIndex,
  number: number,
): Promise<void> {
  const [first] = index.strays();
  if (first === undefined) return;
  const key = shardKey(id, shard.round, shard.shard, `strays-${number}`);
  await storage.writeBlob(key, strayLines(index));
}

function resultsKey({ id }: EngineContext, { round, shard }: Shard, number: number): string {
  return shardKey(id, round, shard, `results-${number}`);
}

/** What a request without a line is told; the job's own end says most of it. */
function reasonWithoutAnswer({ status, failure, collectBy }: Job, now: number): ResultError {
  if (collectBy !== undefined && now > collectBy) {
    const until = new Date(collectBy).toISOString();
    const message = `The provider kept the results until ${until}, and nobody had fetched them.`;
    return { code: "missing", message };
  }
  switch (status) {
    case "expired":
      return {
        code: "batch_expired",
        message: "The job expired before this request was answered.",
      };
    case "cancelled":
      return {
        code: "batch_cancelled",
        message: "The job was cancelled before this request was answered.",
      };
    case "failed":
      return failure
        ? { code: failure.code, message: failure.message }
        : { code: "job_failed", message: "The job failed, and the provider gave no reason." };
    default:
      return {
        code: "missing",
        message: "The job ended, but its results say nothing about this request.",
      };
  }
}
