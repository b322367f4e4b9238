import { type Endpoint, isRecord } from "../endpoints/endpoint.js";
import { LangBatchError, type RequestProblem } from "../errors.js";
import type { Line } from "../jsonl/read-lines.js";

/** A line of the input, or why there is none. */
export type InputLine = Line | RequestProblem;

/** How much is handed on at once: enough that little is awaited per line, and no more than that. */
const linesAtOnce = 256;
const bytesAtOnce = 1_048_576;

/**
 * The items as request lines. An item without a `custom_id` of its own is named after its position,
 * so that the same items always have the same ids, which sort in their order.
 */
export function itemLines(
  items: Iterable<unknown> | AsyncIterable<unknown>,
  endpoint: Endpoint,
  requestKwargs: object,
): AsyncGenerator<readonly InputLine[]> {
  return toLines(items, (item, number) => {
    const fields = endpoint.toBody(item);
    if (!fields) return undefined;
    const { custom_id = `request-${String(number).padStart(10, "0")}`, ...own } =
      fields as Readonly<Record<string, unknown>>;
    const body = { ...requestKwargs, ...own };
    return { custom_id, method: "POST", url: endpoint.url, body };
  });
}

/** Whole request lines, given as objects. */
export function requestLines(
  requests: Iterable<unknown> | AsyncIterable<unknown>,
): AsyncGenerator<readonly InputLine[]> {
  return toLines(requests, (request) => (isRecord(request) ? request : undefined));
}

async function* toLines(
  items: Iterable<unknown> | AsyncIterable<unknown>,
  toRequest: (item: unknown, number: number) => object | undefined,
): AsyncGenerator<readonly InputLine[]> {
  refuseOther(items);
  let number = 0;
  let bytes = 0;
  let lines: InputLine[] = [];
  try {
    for await (const item of items) {
      number += 1;
      const line = toLine(number, toRequest(item, number));
      lines.push(line);
      bytes += "bytes" in line ? line.length : 0;
      if (lines.length < linesAtOnce && bytes < bytesAtOnce) continue;
      yield lines;
      lines = [];
      bytes = 0;
    }
  } catch (cause) {
    throw LangBatchError.is(cause) ? cause : unreadableItems(number, cause);
  }
  if (lines.length > 0) yield lines;
}

function refuseOther(items: unknown): void {
  const isSequence =
    typeof items === "object" &&
    items !== null &&
    (Symbol.iterator in items || Symbol.asyncIterator in items);
  if (isSequence) return;
  throw new LangBatchError(
    "invalid_option",
    `A batch is made from a list of items, not from ${typeof items === "string" ? "one text" : String(items)}. Pass an array or an iterable; for a file, use new.`,
  );
}

function unreadableItems(number: number, cause: unknown): LangBatchError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LangBatchError(
    "input_unreadable",
    `The items ended with an error after item ${number}: ${reason}`,
    { cause },
  );
}

function toLine(number: number, request: object | undefined): InputLine {
  if (!request) {
    return problem(number, "invalid_item", "it is none of the shapes this batch takes.");
  }
  try {
    const bytes = Buffer.from(JSON.stringify(request));
    return { number, bytes, length: bytes.length };
  } catch (error) {
    // A cycle, a BigInt, or nesting too deep to write down.
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return problem(number, "invalid_item", `it cannot be written as JSON: ${reason}.`);
  }
}

function problem(line: number, code: string, message: string): RequestProblem {
  return { line, customId: undefined, code, message: `Item ${line}: ${message}` };
}
