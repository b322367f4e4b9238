import type { Endpoint, EndpointTypes } from "../endpoints/endpoint.js";
import { submit } from "../engine/send.js";
import { type InputLine, itemLines, requestLines } from "../plan/item-input.js";
import type { RequestLine } from "../provider/wire.js";
import { guardStorage } from "../storage/guard-storage.js";
import type { Storage } from "../storage/storage.js";
import { type AdoptOptions, adoptedId, adoptJob } from "./adopt.js";
import { cancelBatch } from "./cancel.js";
import { cleanBatch } from "./clean.js";
import { moveBatch } from "./move.js";
import { heedCancel, openBatch, openStarted } from "./open-batch.js";
import type {
  BatchClass,
  BatchOptions,
  CallOptions,
  CreateOptions,
  NewOptions,
  Sequence,
} from "./parts.js";
import { openPlace, type Place, requireBatch, type StoredOptions } from "./place.js";
import type { BatchRecord } from "./records.js";
import { type Recovery, recoverBatch } from "./recover.js";
import { planRetry, type RetryOptions } from "./retry.js";
import { type BatchSource, fileSource, itemSource, noFile } from "./source.js";
import type { BatchStatus } from "./status.js";
import { storeBatch } from "./store.js";
import { StoredBatch } from "./stored-batch.js";
import { type WaitOptions, waitForAll } from "./wait.js";

/**
 * Any number of requests to one endpoint of one provider, kept in one storage. Named classes
 * (`OpenAIChatCompletionBatch`) bind the three with a static `parts`; everything else is here.
 *
 * Each method may be called by another process after this one died: all that is known is in the
 * storage. Only `start`, `wait` and `retry` send anything that costs money. What leaves a method is a
 * `LangBatchError`, or the reason of the signal that stopped it.
 */
export abstract class Batch<E extends EndpointTypes, Kwargs> extends StoredBatch<E> {
  readonly id: string;
  #place: Place;
  readonly #endpoint: Endpoint<E>;
  /** Where the requests come from; `undefined` once they are known to be stored. */
  #source: BatchSource | undefined;
  readonly #isKeyed: boolean;
  #starting: Promise<void> | undefined;

  /**
   * Remembers the JSONL file of requests; nothing is read, stored or sent before `start` or `save`.
   *
   * @throws `invalid_option`
   */
  constructor(file: string | URL, options: NewOptions<Kwargs> = {}) {
    super();
    const { parts } = this.constructor as BatchClass<this, E, Kwargs>;
    this.#endpoint = parts.endpoint;
    this.#place = openPlace(parts, options);
    this.id = this.#place.id;
    this.#isKeyed = options.key !== undefined;
    this.#source = fileSource(file);
  }

  /**
   * Makes a batch of items and stores it; nothing is sent yet. Items are taken one after the other,
   * so they may come from anywhere and be more than memory holds.
   *
   * @throws `invalid_request` with all problems, `input_unreadable`, `wrong_input`.
   */
  static create<E extends EndpointTypes, Kwargs, Self extends Batch<E, Kwargs>>(
    this: BatchClass<Self, E, Kwargs>,
    items: Sequence<E["item"]>,
    options: CreateOptions<E, Kwargs> = {},
  ): Promise<Self> {
    const lines = itemLines(items, this.parts.endpoint, options.requestKwargs ?? {});
    return Batch.#createFrom(new this(noFile, options), lines);
  }

  /** As `create`, of whole request lines: `custom_id`, `method`, `url` and `body`. */
  static createFromRequests<E extends EndpointTypes, Kwargs, Self extends Batch<E, Kwargs>>(
    this: BatchClass<Self, E, Kwargs>,
    requests: Sequence<RequestLine<E["body"]>>,
    options: NewOptions<Kwargs> = {},
  ): Promise<Self> {
    return Batch.#createFrom(new this(noFile, options), requestLines(requests));
  }

  /**
   * The stored batch with this id, in this process or another one than made it.
   *
   * @throws `not_found`, `batch_moved`, `wrong_class`.
   */
  static async load<E extends EndpointTypes, Kwargs, Self extends Batch<E, Kwargs>>(
    this: BatchClass<Self, E, Kwargs>,
    id: string,
    options: BatchOptions<Kwargs> = {},
  ): Promise<Self> {
    const stored: StoredOptions<Kwargs> = { ...options, id };
    const batch = new this(noFile, stored);
    batch.#source = undefined;
    await requireBatch(batch.#place);
    return batch;
  }

  /**
   * Takes over a job that somebody else created at the provider: a dashboard, another tool, a process
   * whose storage is gone. From then on it is a batch like any other, of one job; the same job is the
   * same batch.
   *
   * @throws `not_found`, `wrong_class`, `wrong_input`.
   */
  static async adopt<E extends EndpointTypes, Kwargs, Self extends Batch<E, Kwargs>>(
    this: BatchClass<Self, E, Kwargs>,
    jobId: string,
    options: AdoptOptions<Kwargs> = {},
  ): Promise<Self> {
    const id = adoptedId(this.parts.provider(options.batchKwargs).id, jobId);
    const stored: StoredOptions<Kwargs> = { ...options, id };
    const batch = new this(noFile, stored);
    batch.#source = undefined;
    await adoptJob(batch.#place, jobId, options);
    return batch;
  }

  static async #createFrom<Self extends Batch<EndpointTypes, never>>(
    batch: Self,
    lines: AsyncIterable<readonly InputLine[]>,
  ): Promise<Self> {
    batch.#source = itemSource(lines);
    await batch.#store({ start: false });
    return batch;
  }

  /**
   * Validates and stores the batch, and submits every job that may run now. Called again, also by
   * another process, it goes on where the last call stopped and creates nothing twice; after the end
   * it does nothing.
   *
   * @throws `invalid_request` and `input_unreadable` before anything is sent; `rejected` where the
   * provider will not take it; `missing_setting`, `provider_failed`, `storage_failed`.
   */
  start(options: CallOptions = {}): Promise<void> {
    this.#starting ??= this.#start(options).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  /**
   * Resolves with the final status once every request has its result in the storage; submits what had
   * to wait. Failures that may pass do not end it. Aborting only stops the waiting.
   *
   * @throws `signal.reason`; `invalid_state` before `start`; `rejected`.
   */
  async wait(options: WaitOptions = {}): Promise<BatchStatus> {
    // A start under way in this process is no stranger's, whose creates would have to be looked for.
    await this.#starting;
    return waitForAll(this.#place, (await openStarted(this.#place)).engine, options, this.pace);
  }

  /**
   * Asks the provider to stop what runs, and never sends what was not sent yet. What was answered by
   * then is paid for and comes home as always.
   *
   * @throws `invalid_state` before `start`.
   */
  async cancel(options: CallOptions = {}): Promise<void> {
    await cancelBatch(this.#place, await openStarted(this.#place), options.signal);
  }

  /**
   * Plans and submits a new round of the requests that have no success, or `only` of those that may
   * have one, under the same id. Does nothing where none is left.
   *
   * @throws `invalid_state` before `start`; `not_ready` while anything runs.
   */
  async retry(options: RetryOptions = {}): Promise<void> {
    const planned = await planRetry(this.#place, await openStarted(this.#place), options);
    if (planned) await this.start(options);
  }

  /**
   * Explains where every job stands, and repairs what it can: looks for jobs whose creation nobody
   * answered, and for jobs made twice, and brings home what has ended. Costs nothing; never needed,
   * since `start` and `wait` do the same on their way.
   *
   * @throws `not_found` where the batch was never stored.
   */
  async recover(options: CallOptions = {}): Promise<Recovery> {
    const stored = await requireBatch(this.#place);
    return recoverBatch(await openBatch(this.#place, stored.value), options.signal);
  }

  /**
   * Deletes what the provider keeps of the batch, inputs and results, once all is home. What is stored
   * here stays. A job of which a result is missing is left there.
   *
   * @throws `not_ready` before the end; `invalid_state` where the provider cannot delete.
   */
  async clean(options: CallOptions = {}): Promise<void> {
    await cleanBatch(await openStarted(this.#place), options.signal);
  }

  /**
   * Stores a batch that was not started yet. With another storage, moves the batch there: what still
   * works on it in the old one gets `batch_moved`.
   */
  async save({ storage }: { readonly storage?: Storage } = {}): Promise<void> {
    const target = storage && guardStorage(storage);
    if (target && target !== this.#place.storage) {
      await moveBatch(this.#place, target);
      this.#place = { ...this.#place, storage: target };
    }
    await this.#store({ start: false });
  }

  async #start({ signal }: CallOptions): Promise<void> {
    const record = await this.#store({ start: true });
    const open = await openBatch(this.#place, record);
    await heedCancel(open, signal);
    await submit(open.engine, open.shards, signal);
  }

  async #store({ start }: { readonly start: boolean }): Promise<BatchRecord> {
    const options = { start, isKeyed: this.#isKeyed };
    const record = await storeBatch(this.#place, this.#source, options);
    this.#source = undefined;
    return record;
  }

  protected place(): Place {
    return this.#place;
  }

  protected endpoint(): Endpoint<E> {
    return this.#endpoint;
  }
}
