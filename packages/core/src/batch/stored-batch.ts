import type { Endpoint, EndpointTypes } from "../endpoints/endpoint.js";
import type { RequestLine } from "../provider/wire.js";
import { batchResults } from "../results/read-results.js";
import type { BatchResult } from "../results/result.js";
import { resultsPath, writeResultsFile } from "../results/results-file.js";
import { collectWarning } from "./collect-warning.js";
import { bringHome, observe, openBatch, openStarted, readable } from "./open-batch.js";
import { openPace, type Pace } from "./pace.js";
import type { CallOptions } from "./parts.js";
import { type Place, readBatch, requireBatch } from "./place.js";
import { type BatchProgress, nothingStored, progressOf } from "./progress.js";
import {
  type BatchResults,
  type ReadableBatch,
  readRequestsByCustomIds,
  readResultLists,
  readResults,
  readUnsuccessfulRequests,
} from "./results.js";
import type { BatchStatus } from "./status.js";

/**
 * What can be read of a batch: how far it has come, its requests once it is stored, its results once
 * they are home.
 */
export abstract class StoredBatch<E extends EndpointTypes> {
  /** Random, or made from `key`. What `load` takes, once the batch is stored. */
  abstract readonly id: string;
  protected abstract place(): Place;
  protected abstract endpoint(): Endpoint<E>;
  /** What this object has seen of the speed. */
  protected readonly pace: Pace = openPace();
  /** What was said last of results that are about to be lost. */
  #warned: string | undefined;

  /** Asks the provider, and records what has ended. `created` before `start`. */
  async getStatus(options: CallOptions = {}): Promise<BatchStatus> {
    return (await this.getProgress(options)).status;
  }

  /**
   * Asks the provider, records what has ended, and says how far every shard has come, what it waits
   * for, and how long the rest may take. Warns where the provider is about to delete results that are
   * not home.
   */
  async getProgress({ signal }: CallOptions = {}): Promise<BatchProgress> {
    const stored = await readBatch(this.place());
    if (!stored) return nothingStored;
    const seen = await observe(await openBatch(this.place(), stored.value), signal);
    const warning = collectWarning(this.id, seen.jobs, seen.now);
    if (warning !== this.#warned && warning !== undefined) this.place().ports.warn(warning);
    this.#warned = warning;
    return progressOf(seen, this.pace);
  }

  /**
   * All results, in memory; downloads what is ready.
   *
   * @throws `not_ready` before the end; `too_large` for more than a quarter of the heap: then use
   * `results()`.
   */
  async getResults(options: CallOptions = {}): Promise<BatchResults<E>> {
    return readResultLists(await this.#home(options), this.endpoint());
  }

  /** All results in input order, one for each request, in constant memory. @throws `not_ready` */
  async *results(options: CallOptions = {}): AsyncGenerator<BatchResult<E>> {
    yield* readResults(await this.#home(options), this.endpoint());
  }

  /**
   * Writes all results as OpenAI result lines, in input order, to a file that appears as a whole.
   * Default path: `results/<id>.jsonl` in the state directory (`LANGBATCH_HOME`, else `.langbatch`).
   *
   * @returns the absolute path.
   * @throws `not_ready`, `storage_failed`.
   */
  async getResultsFile(options: CallOptions & { readonly path?: string } = {}): Promise<string> {
    const home = await this.#home(options);
    const path = options.path ?? resultsPath(this.id);
    return writeResultsFile(path, batchResults(home, home.shards));
  }

  /** The request lines that have no success, in input order. @throws `not_ready` */
  async getUnsuccessfulRequests(options: CallOptions = {}): Promise<RequestLine<E["body"]>[]> {
    return readUnsuccessfulRequests(await this.#home(options));
  }

  /**
   * The request lines with these ids, in input order, once the batch is stored.
   *
   * @throws `not_found` where the batch has no such request.
   */
  async getRequestsByCustomIds(customIds: Iterable<string>): Promise<RequestLine<E["body"]>[]> {
    const open = await openBatch(this.place(), (await requireBatch(this.place())).value);
    return readRequestsByCustomIds(await readable(open), customIds);
  }

  /** The batch once everything is home; brings home what has ended. */
  async #home({ signal }: CallOptions): Promise<ReadableBatch> {
    return bringHome(await openStarted(this.place()), signal);
  }
}
