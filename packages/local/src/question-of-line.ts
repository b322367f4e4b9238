import { customIdOf, LangBatchError, topLevelValue } from "@langbatch/core";
import { isRecord } from "./is-record.js";
import { parseJson } from "./parse-json.js";
import type { Question } from "./question.js";

/** A question, and which of its job's it is; the first is 0. */
export interface PlacedQuestion extends Question {
  readonly position: number;
}

/**
 * The question that a request line asks. Its body is a part of the line's own bytes, not a copy.
 *
 * @param url - what the endpoint is called in every line of the job.
 * @throws `input_unreadable` where the line is no request.
 */
export function questionOfLine(line: Buffer, position: number, url: string): PlacedQuestion {
  const customId = customIdOf(line);
  const range = topLevelValue(line, "body");
  const body = range ? line.subarray(range.start, range.end) : parsedBody(line);
  if (customId !== undefined && body) return { position, customId, url, body };
  throw new LangBatchError(
    "input_unreadable",
    `Request ${position + 1} of the stored input is no request line. Create the batch anew from its input.`,
  );
}

/** Where a name is written with escapes, only parsing tells. */
function parsedBody(line: Buffer): Buffer | undefined {
  const parsed = parseJson(line.toString("utf8"));
  if (!isRecord(parsed) || typeof parsed.body !== "object" || parsed.body === null) {
    return undefined;
  }
  return Buffer.from(JSON.stringify(parsed.body));
}

/** @throws `input_unreadable` where an input holds another number of requests than its job. */
export function assertComplete(found: number, requests: number): void {
  if (found === requests) return;
  throw new LangBatchError(
    "input_unreadable",
    `The stored input holds ${found} requests, but its job ${requests}. Create the batch anew from its input.`,
  );
}
