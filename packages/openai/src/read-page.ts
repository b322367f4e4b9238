import { LangBatchError } from "@langbatch/core";
import type OpenAI from "openai";
import type { OpenAIBatch, OpenAIBatchPage } from "./openai-api.js";

/** A list page of the most that OpenAI gives (OpenAI API reference, list batches, `limit`). */
const pageSize = 100;

/** What a page of the list brings, newest first. */
export interface Page {
  readonly batches: readonly OpenAIBatch[];
  /** What to read the next page after; `undefined` where there is none. */
  readonly next: string | undefined;
  readonly headers: Headers;
}

/**
 * The page after a batch, or the first one. Read without the SDK, to which any answer is a page, and
 * one that is none the last and empty.
 *
 * @throws `incomplete_listing` where what the answer leaves out is not known.
 */
export async function readPage(
  client: OpenAI,
  after: string | undefined,
  options: OpenAI.RequestOptions,
): Promise<Page> {
  const query = { limit: pageSize, ...(after !== undefined && { after }) };
  const response = await client.batches.list(query, options).asResponse();
  const page = (await response.json()) as Partial<OpenAIBatchPage> | null;
  if (Array.isArray(page?.data)) {
    const batches: readonly OpenAIBatch[] = page.data;
    const last = batches.at(-1)?.id;
    const hasMore = page.has_more ?? batches.length >= pageSize;
    // More is promised, but nothing leads there; or the same page again, from a service that does not
    // know `after` and would never come to an end.
    const isStuck = last === undefined ? hasMore : last === after;
    if (!isStuck) return { batches, next: hasMore ? last : undefined, headers: response.headers };
  }
  throw new LangBatchError(
    "incomplete_listing",
    "The answer to the list of batches is not a page of it, so what it leaves out is not known.",
    { provider: "openai", retryable: true },
  );
}
