import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { type FakeAccount, isSameAccount } from "./accounts.js";
import { type BatchObject, batchObject } from "./batch-object.js";
import type { BatchParams } from "./create-batch.js";
import type { Dialect } from "./dialects/dialect.js";
import { type FakeBlobs, fetchInput } from "./fake-blobs.js";
import { type FileStore, isProcessed } from "./files.js";
import { newBatchId, newFileId } from "./ids.js";
import type { JobFaultQueue, JobFaults } from "./job-faults.js";
import { isTerminal, type Life, type LifeTimes, lifeAt } from "./job-life.js";
import type { AnswerScript } from "./outcome.js";
import { type Mark, type PlayedInput, playInput } from "./play-input.js";
import { type ListObject, listObject, Refusal } from "./reply.js";
import { keepResults } from "./result-files.js";
import { findRoom, type RoomLimits, type RoomTaker } from "./room.js";
import type { StoredBatch } from "./stored-batch.js";
import type { InputProblem, InputRules } from "./validate-input.js";

/** What the batches depend on. */
export interface BatchStoreOptions {
  readonly dialect: Dialect;
  readonly directory: string;
  readonly files: FileStore;
  /** Where inputs and results lie that are no files of the service. */
  readonly blobs: FakeBlobs | undefined;
  readonly faults: JobFaultQueue;
  readonly now: () => number;
  readonly times: LifeTimes;
  readonly rules: InputRules;
  readonly room: RoomLimits;
  readonly answer: AnswerScript;
  readonly seed: number;
}

/** A page of the list of batches. */
export type BatchPage = ListObject<BatchObject>;

/** All batches, in the order in which they came. */
export interface BatchStore {
  readonly all: ReadonlyMap<string, StoredBatch>;
  create(params: BatchParams, account: FakeAccount): Promise<BatchObject>;
  retrieve(id: string, account: FakeAccount): Promise<BatchObject>;
  cancel(id: string, account: FakeAccount): Promise<BatchObject>;
  /** Those of the account, newest first. */
  list(
    query: { readonly limit: number; readonly after: string | undefined },
    account: FakeAccount,
  ): Promise<BatchPage>;
  lifeOf(batch: StoredBatch): Life;
}

/** An empty store, which keeps its result files in `directory` and shows them through `files`. */
export function createBatchStore(options: BatchStoreOptions): BatchStore {
  const { files, faults, now, times } = options;
  const all = new Map<string, StoredBatch>();
  /** Those that are about to be in `all`. */
  const entering = new Set<RoomTaker>();

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

  /** A batch that fails takes no room, also before it says so. */
  function active(): RoomTaker[] {
    return [...all.values()].filter(
      (batch) => batch.problems.length === 0 && !isTerminal(lifeOf(batch).status),
    );
  }

  async function show(batch: StoredBatch): Promise<BatchObject> {
    const life = lifeOf(batch);
    const mark = markAt(batch.played, life.share);
    if (isTerminal(life.status) && batch.problems.length === 0) {
      batch.ended ??= keepResults(batch, life, mark, options);
      await batch.ended;
    }
    return batchObject(batch, life, mark, files);
  }

  return {
    all,
    lifeOf,

    async create(params, account) {
      const { inputFileId } = params;
      const { dialect } = options;
      const { organization, project } = account;
      const asking = `organization ${organization}${project ? ` or project ${project}` : ""}`;
      const refusal = {
        status: 400,
        message: `Cannot find file ${inputFileId}, or ${asking} does not have access to it.`,
        param: "input_file_id",
      };
      const input = params.inputBlob
        ? await fetchInput(params.inputBlob, options)
        : files.get(inputFileId, account, refusal);
      const own = faults.takeJob(inputFileId);
      if (own.look("input-not-found")) throw new Refusal(400, refusal.message, refusal);
      if (input.purpose !== "batch") {
        const message = `Invalid file purpose: expected 'batch', but got '${input.purpose}'.`;
        throw new Refusal(400, message, { param: "input_file_id" });
      }
      if (!isProcessed(input, now())) {
        const message = `The file ${inputFileId} is not processed yet: its status is 'pending'.`;
        throw new Refusal(400, message, { param: "input_file_id" });
      }
      const taker: RoomTaker = { owner: account, inputBytes: input.bytes };
      const noRoom = findRoom([...active(), ...entering], taker, options.room);
      const [first] = noRoom;
      if (first && dialect.refusesTokens) {
        const { code, message } = first;
        throw new Refusal(400, `${code}: ${message}`, { code });
      }
      if (!first) entering.add(taker);
      faults.settleJob(inputFileId);
      const id = newBatchId();
      const played = await playInput({
        ...options,
        // What never runs is not asked for: a script may count.
        ...(noRoom.length > 0 && { answer: () => ({ kind: "drop" }) }),
        showRow: dialect.showRow,
        failuresIn: dialect.failuresIn,
        batchId: id,
        inputPath: input.path,
        endpoint: params.endpoint,
        // Two batches of one file are answered in different orders.
        seed: options.seed + all.size,
        nowSeconds: Math.floor(now() / 1000),
      }).finally(() => entering.delete(taker));
      const batch: StoredBatch = {
        id,
        ...taker,
        params,
        createdAt: now(),
        cancellingAt: undefined,
        played,
        problems: [...noRoom, ...played.problems, ...orderedProblem(own)],
        faults: own,
        outputFileId: newFileId(),
        errorFileId: newFileId(),
        ...resultBlobs(params),
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
      const data: BatchObject[] = [];
      for (const batch of page) data.push(await show(batch));
      return listObject(data, page, hasMore);
    },
  };

  async function discard({ outputPath, errorPath, idsPath }: PlayedInput): Promise<void> {
    for (const path of [outputPath, errorPath, idsPath]) await rm(path, { force: true });
  }
}

/** Azure puts the results of each job into a folder of their own. */
function resultBlobs({ outputFolder }: BatchParams): Pick<StoredBatch, "outputBlob" | "errorBlob"> {
  if (!outputFolder) return { outputBlob: "", errorBlob: "" };
  const folder = `${outputFolder}/${randomUUID()}`;
  return { outputBlob: `${folder}/results.jsonl`, errorBlob: `${folder}/errors.jsonl` };
}

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
