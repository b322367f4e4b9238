import { LangBatchError } from "@langbatch/core";
import { isMessageBatch, type MessageBatch } from "./anthropic-api.js";
import { isRecord } from "./record.js";

/** The most that a page may hold (Anthropic API reference, list Message Batches, `limit`). */
export const pageSize = 1000;

/** A page of the list, newest first. */
export interface Page {
  readonly batches: readonly MessageBatch[];
  /** The id after which the next page begins; `undefined` on the last one. */
  readonly next: string | undefined;
}

/**
 * A page of the list, of an answer's JSON. `after` is what it was asked for with.
 *
 * @throws `incomplete_listing` where what the answer leaves out is not known.
 */
export function toPage(answer: unknown, after: string | undefined): Page {
  if (isRecord(answer) && Array.isArray(answer.data) && answer.data.every(isMessageBatch)) {
    const batches: readonly MessageBatch[] = answer.data;
    if (answer.has_more !== true) return { batches, next: undefined };
    const next = batches.at(-1)?.id;
    // The same page again would never come to an end.
    if (next !== undefined && next !== after) return { batches, next };
  }
  throw new LangBatchError(
    "incomplete_listing",
    "The answer to the list of batches is not a page of it, so what it leaves out is not known.",
    { provider: "anthropic", retryable: true },
  );
}
