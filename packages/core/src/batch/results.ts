import { getHeapStatistics } from "node:v8";
import type { Endpoint, EndpointTypes } from "../endpoints/endpoint.js";
import { LangBatchError } from "../errors.js";
import { customIdOf, idFilter } from "../jsonl/custom-id.js";
import type { RequestLine } from "../provider/wire.js";
import {
  batchResults,
  requestLines,
  type SettledShard,
  storedResultBytes,
  unsuccessfulRequests,
} from "../results/read-results.js";
import {
  type BatchResult,
  resultMaker,
  type SuccessfulResult,
  type UnsuccessfulResult,
} from "../results/result.js";
import { toResultLine } from "../results/result-line.js";
import type { Storage } from "../storage/storage.js";

/** A batch whose results are all home, or at least its requests. */
export interface ReadableBatch {
  readonly id: string;
  readonly storage: Storage;
  readonly shards: readonly SettledShard[];
}

/** A batch's results in two lists, each in input order. */
export interface BatchResults<E extends EndpointTypes> {
  readonly successful: readonly SuccessfulResult<E>[];
  readonly unsuccessful: readonly UnsuccessfulResult[];
}

/** All results in memory. @throws `too_large` */
export async function readResultLists<E extends EndpointTypes>(
  batch: ReadableBatch,
  endpoint: Endpoint<E>,
): Promise<BatchResults<E>> {
  refuseTooLarge(batch);
  const successful: SuccessfulResult<E>[] = [];
  const unsuccessful: UnsuccessfulResult[] = [];
  for await (const result of readResults(batch, endpoint)) {
    if (isSuccessful(result)) successful.push(result);
    else unsuccessful.push(result);
  }
  return { successful, unsuccessful };
}

/** The results in input order, one at a time. */
export async function* readResults<E extends EndpointTypes>(
  batch: ReadableBatch,
  endpoint: Endpoint<E>,
): AsyncGenerator<BatchResult<E>> {
  const make = resultMaker(endpoint);
  for await (const lines of batchResults(batch, batch.shards)) {
    for (const line of lines) {
      const parsed: unknown = JSON.parse(line.toString("utf8"));
      const result = toResultLine(parsed, (body) => endpoint.isResponse(body));
      if (result) yield make(result);
    }
  }
}

/** The request lines without a success, in input order. */
export async function readUnsuccessfulRequests<Body extends object>(
  batch: ReadableBatch,
): Promise<RequestLine<Body>[]> {
  const requests: RequestLine<Body>[] = [];
  for await (const lines of unsuccessfulRequests(batch, batch.shards)) {
    for (const line of lines) requests.push(parseRequest(line));
  }
  return requests;
}

/**
 * The request lines with these ids, in input order.
 *
 * @throws `not_found` where an id is none of this batch's.
 */
export async function readRequestsByCustomIds<Body extends object>(
  batch: ReadableBatch,
  customIds: Iterable<string>,
): Promise<RequestLine<Body>[]> {
  const wanted = new Set(customIds);
  const requests: RequestLine<Body>[] = [];
  if (wanted.size === 0) return requests;
  const shards = batch.shards.map(({ shard }) => shard);
  for await (const lines of requestLines(batch, shards, idFilter(wanted))) {
    for (const line of lines) {
      const customId = customIdOf(line);
      if (customId !== undefined && wanted.delete(customId)) requests.push(parseRequest(line));
    }
    if (wanted.size === 0) return requests;
  }
  const [first = ""] = wanted;
  throw new LangBatchError(
    "not_found",
    `The batch ${batch.id} has no request ${JSON.stringify(first.slice(0, 100))}${wanted.size > 1 ? `, nor ${wanted.size - 1} more of those asked for` : ""}.`,
    { customId: first },
  );
}

/** @throws `too_large` where holding all results would take more than a quarter of the heap. */
function refuseTooLarge({ id, shards }: ReadableBatch): void {
  const bytes = storedResultBytes(shards);
  const limit = getHeapStatistics().heap_size_limit / 4;
  if (bytes <= limit) return;
  const megabytes = (count: number) => Math.round(count / 1_048_576);
  throw new LangBatchError(
    "too_large",
    `The results of batch ${id} have ${megabytes(bytes)} MiB, more than the ${megabytes(limit)} MiB that memory should hold. Use results(), which streams them, or getResultsFile().`,
  );
}

/** Tells the two kinds of results apart. */
function isSuccessful<E extends EndpointTypes>(
  result: BatchResult<E>,
): result is SuccessfulResult<E> {
  return result.error === null;
}

function parseRequest<Body extends object>(line: Buffer): RequestLine<Body> {
  return JSON.parse(line.toString("utf8")) as RequestLine<Body>;
}
