import type { OutcomeCounts } from "../batch/records.js";
import { isRecord } from "../endpoints/endpoint.js";
import { customIdOf } from "../jsonl/custom-id.js";
import { joinLines, lineBlock } from "../jsonl/line-block.js";
import { mapLines } from "../jsonl/map-lines.js";
import { readLines } from "../jsonl/read-lines.js";
import type { ResultError } from "../provider/wire.js";
import type { TemporaryFile } from "../temporary-file.js";
import { type ResultIndex, resultIndex } from "./result-index.js";
import {
  hasSucceeded,
  outcomeOf,
  type RequestOutcome,
  toResultLine,
  unansweredLine,
} from "./result-line.js";

/** Whether an answer's body has the shape of the endpoint's answers. */
type IsResponse = (body: object) => boolean;

/**
 * Brings a job's result lines, in whatever order they come, into a file, and notes where the result
 * of each request lies. Lines that are no results are kept as strays.
 */
export async function spoolResults(
  chunks: AsyncIterable<Uint8Array>,
  file: TemporaryFile,
  isResponse: IsResponse,
): Promise<ResultIndex> {
  const index = resultIndex(file.descriptor);
  const block = lineBlock();
  let offset = 0;
  for await (const lines of readLines(chunks)) {
    for (const line of lines) {
      const result = parse(line.bytes);
      if (isRecord(result) && typeof result.custom_id === "string") {
        index.add(result.custom_id, line, offset, hasSucceeded(result, isResponse));
      } else {
        index.addStray(line, offset);
      }
      offset += line.bytes.length + 1;
      block.add(line.bytes);
      if (block.isFull) await file.write(block.take());
    }
  }
  await file.write(block.take());
  return index;
}

/** The results of a shard as they are stored, and what was counted on the way. */
export interface OrderedResults {
  /** One line for every request of the input, in its order. Read it once. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Complete once `bytes` has been read to its end. */
  readonly counts: OutcomeCounts;
  /** How many requests had no line at all. */
  readonly unanswered: number;
}

/**
 * One result line for every line of the input, which alone says what was asked. A success is kept
 * byte for byte; any other line says in `error` why it is none. A request without a line gets the
 * error `unanswered`.
 */
export function orderResults(
  input: AsyncIterable<Uint8Array>,
  index: ResultIndex,
  isResponse: IsResponse,
  unanswered: ResultError,
): OrderedResults {
  const counts: Record<RequestOutcome, number> = {
    succeeded: 0,
    failed: 0,
    expired: 0,
    cancelled: 0,
    missing: 0,
  };
  let withoutLine = 0;

  function lineFor(customId: string): Uint8Array {
    const position = index.find(customId);
    const line = position === undefined ? undefined : index.read(position);
    if (position === undefined || !line || customIdOf(line) !== customId) {
      withoutLine += 1;
      counts[outcomeOf(unanswered)] += 1;
      return format(unansweredLine(customId, unanswered));
    }
    index.take(position);
    if (index.isSuccess(position)) {
      counts.succeeded += 1;
      return line;
    }
    const result = toResultLine(parse(line), isResponse) ?? unansweredLine(customId, unanswered);
    counts[outcomeOf(result.error)] += 1;
    return format(result);
  }

  return {
    counts,
    get unanswered() {
      return withoutLine;
    },
    bytes: mapLines(input, (line) => lineFor(customIdOf(line) ?? "")),
  };
}

/** The result lines of requests that no job ever ran. */
export function unansweredResults(
  input: AsyncIterable<Uint8Array>,
  error: ResultError,
): AsyncIterable<Uint8Array> {
  return mapLines(input, (line) => format(unansweredLine(customIdOf(line) ?? "", error)));
}

/** The lines that belong to no request, or to one that has a better line. */
export function strayLines(index: ResultIndex): AsyncGenerator<Uint8Array> {
  function* strays(): Generator<Uint8Array> {
    for (const position of index.strays()) yield index.read(position);
  }
  return joinLines([strays()]);
}

function format(value: object): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

function parse(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch {
    return undefined;
  }
}
