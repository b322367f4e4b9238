import { rm } from "node:fs/promises";
import { type FakeAccount, isSameAccount } from "./accounts.js";
import { batchObject } from "./batch-object.js";
import type { BatchParams } from "./create-batch.js";
import type { FaultQueue, JobFaults } from "./faults.js";
import type { FileStore } from "./files.js";
import { newBatchId, newFileId } from "./ids.js";
import {
  isStopped,
  isTerminal,
  type Life,
  type LifeTimes,
  lifeAt,
  type StopStatus,
} from "./job-life.js";
import type { AnswerScript } from "./outcome.js";
import { type Mark, type PlayedInput, playInput, writeUnanswered } from "./play-input.js";
import { listObject, Refusal } from "./reply.js";
import type { StoredBatch } from "./stored-batch.js";
import type { InputLimits, InputProblem } from "./validate-input.js";

/** What the batches depend on. */
export interface BatchStoreOptions {
  readonly directory: string;
  readonly files: FileStore;
  readonly faults: FaultQueue;
  readonly now: () => number;
  readonly times: LifeTimes;
  readonly limits: InputLimits;
  readonly answer: AnswerScript;
  readonly seed: number;
}

/** All batches, in the order in which they came. */
export interface BatchStore {
  readonly all: ReadonlyMap<string, StoredBatch>;
  create(params: BatchParams, account: FakeAccount): Promise<object>;
  retrieve(id: string, account: FakeAccount): Promise<object>;
  cancel(id: string, account: FakeAccount): Promise<object>;
  /** Those of the account, newest first. */
  list(
    query: { readonly limit: number; readonly after: string | undefined },
    account: FakeAccount,
  ): Promise<object>;
  lifeOf(batch: StoredBatch): Life;
}

/** An empty store, which keeps its result files in `directory` and shows them through `files`. */
export function createBatchStore(options: BatchStoreOptions): BatchStore {
  const { files, faults, now, times } = options;
  const all = new Map<string, StoredBatch>();

  function get(id: string, account: FakeAccount): StoredBatch {
    const batch = all.get(id);
    if (!batch || !isSameAccount(batch.owner, account)) throw notFound(id);
    return batch;
  }

  function lifeOf(batch: StoredBatch): Life {
    const { createdAt, cancellingAt, problems, played } = batch;
    const facts = {
      createdAt,
      cancellingAt,
      fails: problems.length > 0,
      hasUnanswerable: played.never > 0,
    };
    return lifeAt(facts, times, now());
  }

  async function show(batch: StoredBatch): Promise<object> {
    const life = lifeOf(batch);
    const mark = markAt(batch.played, life.share);
    if (isTerminal(life.status) && batch.problems.length === 0) {
      batch.ended ??= end(batch, life, mark);
      await batch.ended;
    }
    return batchObject(batch, life, mark, files);
  }

  /** Brings the result files into the store. */
  async function end(batch: StoredBatch, life: Life, mark: Mark): Promise<void> {
    const { played, params, faults: own } = batch;
    const stopped = isStopped(life.status) ? stopReasons[life.status] : undefined;
    const errorBytes = stopped ? await writeUnanswered(played, mark, stopped) : mark.errorBytes;
    await rm(played.idsPath, { force: true });
    const createdAt = life.completedAt ?? life.expiredAt ?? life.cancelledAt ?? now();
    const keptMs = params.outputExpiresAfterSeconds;
    const results = [
      { id: batch.outputFileId, kind: "output", bytes: mark.outputBytes, path: played.outputPath },
      { id: batch.errorFileId, kind: "error", bytes: errorBytes, path: played.errorPath },
    ];
    for (const { id, kind, bytes, path } of results) {
      if (bytes === 0) await rm(path, { force: true });
      else {
        files.add({
          id,
          owner: batch.owner,
          name: `${batch.id}_${kind}.jsonl`,
          bytes,
          path,
          purpose: "batch_output",
          createdAt,
          expiresAt: keptMs === undefined ? undefined : createdAt + keptMs * 1000,
          isHidden: () => own.look("content-not-found", kind),
        });
      }
    }
  }

  return {
    all,
    lifeOf,

    async create(params, account) {
      const { inputFileId } = params;
      const { organization, project } = account;
      const asking = `organization ${organization}${project ? ` or project ${project}` : ""}`;
      const refusal = {
        status: 400,
        message: `Cannot find file ${inputFileId}, or ${asking} does not have access to it.`,
        param: "input_file_id",
      };
      const input = files.get(inputFileId, account, refusal);
      const own = faults.takeJob(inputFileId);
      if (own.look("input-not-found")) throw new Refusal(400, refusal.message, refusal);
      if (input.purpose !== "batch") {
        const message = `Invalid file purpose: expected 'batch', but got '${input.purpose}'.`;
        throw new Refusal(400, message, { param: "input_file_id" });
      }
      faults.settleJob(inputFileId);
      const id = newBatchId();
      const played = await playInput({
        ...options,
        batchId: id,
        inputPath: input.path,
        endpoint: params.endpoint,
        // Two batches of one file are answered in different orders.
        seed: options.seed + all.size,
        nowSeconds: Math.floor(now() / 1000),
      });
      const batch: StoredBatch = {
        id,
        owner: account,
        params,
        createdAt: now(),
        cancellingAt: undefined,
        played,
        problems: [...played.problems, ...orderedProblem(own)],
        faults: own,
        outputFileId: newFileId(),
        errorFileId: newFileId(),
        ended: undefined,
      };
      all.set(id, batch);
      if (batch.problems.length > 0) await discard(played);
      return show(batch);
    },

    async retrieve(id, account) {
      const batch = get(id, account);
      if (batch.faults.look("not-found")) throw notFound(id);
      return show(batch);
    },

    async cancel(id, account) {
      const batch = get(id, account);
      const { status } = lifeOf(batch);
      // A batch that is cancelled already may be cancelled again; any other end refuses.
      if (isTerminal(status) && status !== "cancelled") {
        throw new Refusal(409, `Cannot cancel a batch with status '${status}'.`);
      }
      batch.cancellingAt ??= now();
      return show(batch);
    },

    async list({ limit, after }, account) {
      const own = [...all.values()].filter(({ owner }) => isSameAccount(owner, account));
      const newestFirst = own.reverse();
      const cursor = after === undefined ? -1 : newestFirst.findIndex(({ id }) => id === after);
      if (after !== undefined && cursor === -1) {
        throw new Refusal(400, `No batch found with id '${after}'.`, { param: "after" });
      }
      const page: StoredBatch[] = [];
      let hasMore = false;
      for (const batch of newestFirst.slice(cursor + 1)) {
        hasMore = page.length === limit;
        if (hasMore) break;
        if (!batch.faults.look("unlisted")) page.push(batch);
      }
      const data: object[] = [];
      for (const batch of page) data.push(await show(batch));
      return listObject(data, page, hasMore);
    },
  };

  async function discard({ outputPath, errorPath, idsPath }: PlayedInput): Promise<void> {
    for (const path of [outputPath, errorPath, idsPath]) await rm(path, { force: true });
  }
}

/** OpenAI API reference, "Batch": what stands in the error file where there is no answer. */
const stopReasons: Readonly<Record<StopStatus, { code: string; message: string }>> = {
  expired: {
    code: "batch_expired",
    message: "This request could not be executed before the completion window expired.",
  },
  cancelled: {
    code: "batch_cancelled",
    message: "This request was not executed because the batch was cancelled.",
  },
};

/** The last mark that a share of the answerable requests has reached. */
function markAt({ marks }: PlayedInput, share: number): Mark {
  const total = marks[marks.length - 1]?.answered ?? 0;
  const answered = Math.floor(share * total);
  return marks.findLast((mark) => mark.answered <= answered) as Mark;
}

/** The failure a test has ordered. */
function orderedProblem(faults: JobFaults): readonly InputProblem[] {
  const fault = faults.find("fail");
  if (!fault) return [];
  const { code, message = `The batch failed: ${code}.`, line = null, param = null } = fault;
  return [{ code, message, line, param }];
}

function notFound(id: string): Refusal {
  return new Refusal(404, `No batch found with id '${id}'.`);
}
