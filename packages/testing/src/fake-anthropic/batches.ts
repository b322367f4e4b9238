import { rm } from "node:fs/promises";
import { Refusal } from "./anthropic-error.js";
import { type Life, type LifeTimes, lifeAt } from "./batch-life.js";
import { type BatchObject, batchObject } from "./batch-object.js";
import { type PageQuery, pageOf } from "./batch-page.js";
import { assertRoom, type QueuedRequests } from "./create-limits.js";
import { newBatchId } from "./ids.js";
import type { JobFaultQueue } from "./job-faults.js";
import type { AnswerScript } from "./outcome.js";
import { playRequests } from "./play-requests.js";
import type { ReceivedRequests } from "./receive-requests.js";
import { type ResultsFile, settleResults } from "./results-file.js";
import type { StoredBatch } from "./stored-batch.js";
import { type FakeWorkspace, isSameWorkspace } from "./workspaces.js";

/** What the batches depend on. */
export interface BatchStoreOptions {
  readonly directory: string;
  readonly faults: JobFaultQueue;
  readonly now: () => number;
  /** How the server is reached: `http://127.0.0.1:40213`. */
  readonly base: () => string;
  readonly times: LifeTimes;
  /** How long results are there, in milliseconds from the creation on. */
  readonly resultsMs: number;
  /** How many requests of a workspace may wait for their answers. */
  readonly maxQueuedRequests: number;
  readonly answer: AnswerScript;
  readonly seed: number;
}

/** All batches, in the order in which they came. */
export interface BatchStore {
  readonly all: ReadonlyMap<string, StoredBatch>;
  create(received: ReceivedRequests, workspace: FakeWorkspace): Promise<BatchObject>;
  retrieve(id: string, workspace: FakeWorkspace): Promise<BatchObject>;
  cancel(id: string, workspace: FakeWorkspace): Promise<BatchObject>;
  delete(id: string, workspace: FakeWorkspace): Promise<object>;
  results(id: string, workspace: FakeWorkspace): Promise<ResultsFile>;
  /** Those of the workspace, newest first, in the service's list envelope. */
  list(query: PageQuery, workspace: FakeWorkspace): Promise<object>;
  lifeOf(batch: StoredBatch): Life;
}

/** An empty store, which keeps what is large in `directory`. */
export function createBatchStore(options: BatchStoreOptions): BatchStore {
  const { directory, faults, now, times } = options;
  const all = new Map<string, StoredBatch>();
  /** Those that are about to be in `all`. */
  const entering = new Set<QueuedRequests>();

  function get(id: string, workspace: FakeWorkspace): StoredBatch {
    const batch = all.get(id);
    const isThere = batch && !batch.isDeleted && isSameWorkspace(batch.owner, workspace);
    if (isThere && !isWithin(batch, batch.faults.ms("unseen"))) return batch;
    throw new Refusal(404, `No message batch with id '${id}'.`);
  }

  function isWithin({ createdAt }: StoredBatch, ms: number): boolean {
    return now() < createdAt + ms;
  }

  function lifeOf(batch: StoredBatch): Life {
    const facts = {
      createdAt: batch.createdAt,
      cancelingAt: batch.cancelingAt,
      hasUnanswerable: batch.played.counts.expired > 0,
      lateMs: batch.faults.ms("ends-late"),
    };
    return lifeAt(facts, times, now());
  }

  function queued(): QueuedRequests[] {
    return [...all.values()].flatMap((batch) => {
      const { status, share } = lifeOf(batch);
      const requests = batch.received.requests - answered(batch, share);
      return status === "ended" ? [] : [{ owner: batch.owner, requests }];
    });
  }

  async function settle(batch: StoredBatch, { share, stop }: Life): Promise<ResultsFile> {
    batch.settled ??= settleResults(batch.played, answered(batch, share), stop);
    return batch.settled;
  }

  function archivedAt({ createdAt }: StoredBatch, { status }: Life): number | undefined {
    const moment = createdAt + options.resultsMs;
    return status === "ended" && now() >= moment ? moment : undefined;
  }

  async function show(batch: StoredBatch): Promise<BatchObject> {
    const life = lifeOf(batch);
    const settled = life.status === "ended" ? await settle(batch, life) : undefined;
    return batchObject(batch, {
      life,
      counts: settled?.counts,
      archivedAt: archivedAt(batch, life),
      base: options.base(),
    });
  }

  return {
    all,
    lifeOf,

    async create(received, workspace) {
      const taker: QueuedRequests = { owner: workspace, requests: received.requests };
      assertRoom([...queued(), ...entering], taker, options.maxQueuedRequests);
      entering.add(taker);
      const id = newBatchId();
      // Two batches of the same requests are answered in different orders.
      const seed = options.seed + all.size;
      const { answer } = options;
      const played = await playRequests({ batchId: id, received, directory, answer, seed }).finally(
        () => entering.delete(taker),
      );
      const batch: StoredBatch = {
        id,
        owner: workspace,
        createdAt: now(),
        cancelingAt: undefined,
        isDeleted: false,
        received,
        played,
        faults: faults.take(),
        settled: undefined,
      };
      all.set(id, batch);
      return show(batch);
    },

    retrieve: async (id, workspace) => show(get(id, workspace)),

    async cancel(id, workspace) {
      const batch = get(id, workspace);
      // Not documented: what is canceling may be canceled again, and what has ended is refused.
      if (lifeOf(batch).status === "ended") {
        throw new Refusal(400, `Message batch ${id} has ended and cannot be canceled.`);
      }
      batch.cancelingAt ??= now();
      return show(batch);
    },

    async delete(id, workspace) {
      const batch = get(id, workspace);
      const life = lifeOf(batch);
      if (life.status !== "ended") {
        throw new Refusal(
          400,
          `Message batch ${id} has not ended: cancel it before you delete it.`,
        );
      }
      batch.isDeleted = true;
      const { path } = await settle(batch, life);
      await rm(path, { force: true });
      return { id, type: "message_batch_deleted" };
    },

    async results(id, workspace) {
      const batch = get(id, workspace);
      const life = lifeOf(batch);
      const missingUntil = (life.endedAt ?? 0) + batch.faults.ms("results-missing");
      const isThere = life.status === "ended" && archivedAt(batch, life) === undefined;
      if (isThere && now() >= missingUntil) return settle(batch, life);
      throw new Refusal(404, `Message batch ${id} has no results that are available.`);
    },

    async list(query, workspace) {
      const own = [...all.values()].filter(({ owner }) => isSameWorkspace(owner, workspace));
      const isShown = (batch: StoredBatch) =>
        !batch.isDeleted && !isWithin(batch, batch.faults.ms("unseen-in-list"));
      const { items, hasMore } = pageOf(own.reverse(), isShown, query);
      const data: BatchObject[] = [];
      for (const batch of items) data.push(await show(batch));
      const [first_id, last_id] = [items.at(0)?.id ?? null, items.at(-1)?.id ?? null];
      return { data, has_more: hasMore, first_id, last_id };
    },
  };
}

/** How many of a batch's requests have their answer: they get it in their order. */
function answered({ received }: StoredBatch, share: number): number {
  return Math.floor(share * received.requests);
}
