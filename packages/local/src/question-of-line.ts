import { LangBatchError, topLevelValue } from "@langbatch/core";
import type { Question } from "./question.js";

/** A question, and which of its job's it is; the first is 0. */
export interface PlacedQuestion extends Question {
  readonly position: number;
}

const quote = 0x22;
const backslash = 0x5c;

/**
 * The question that a request line asks. Its body is a part of the line's own bytes, not a copy.
 *
 * @param url - what the endpoint is called in every line of the job.
 * @throws `input_unreadable` where the line is no request.
 */
export function questionOfLine(line: Buffer, position: number, url: string): PlacedQuestion {
  const body = topLevelValue(line, "body");
  const customId = customIdOf(line);
  if (!body || customId === undefined) return parsedQuestion(line, position, url);
  return { position, customId, url, body: line.subarray(body.start, body.end) };
}

/** The id where it is written plainly, as nearly everywhere. */
function customIdOf(line: Buffer): string | undefined {
  const range = topLevelValue(line, "custom_id");
  if (!range || line[range.start] !== quote) return undefined;
  const text = line.subarray(range.start + 1, range.end - 1);
  return text.includes(backslash) ? undefined : text.toString("utf8");
}

function parsedQuestion(line: Buffer, position: number, url: string): PlacedQuestion {
  const { custom_id: customId, body } = parse(line);
  if (typeof customId !== "string" || typeof body !== "object" || body === null) {
    throw new LangBatchError(
      "input_unreadable",
      `Request ${position + 1} of the stored input is no request line. Create the batch anew from its input.`,
    );
  }
  const range = topLevelValue(line, "body");
  const bytes = range ? line.subarray(range.start, range.end) : Buffer.from(JSON.stringify(body));
  return { position, customId, url, body: bytes };
}

function parse(line: Buffer): { readonly custom_id?: unknown; readonly body?: unknown } {
  try {
    const parsed: unknown = JSON.parse(line.toString("utf8"));
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

/** @throws `input_unreadable` where an input holds another number of requests than its job. */
export function assertComplete(found: number, requests: number): void {
  if (found === requests) return;
  throw new LangBatchError(
    "input_unreadable",
    `The stored input holds ${found} requests, but its job ${requests}. Create the batch anew from its input.`,
  );
}
