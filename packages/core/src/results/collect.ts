import type { OutcomeCounts } from "../batch/records.js";
import { customIdOf } from "../jsonl/custom-id.js";
import { joinLines, lineBlock } from "../jsonl/line-block.js";
import { mapLines } from "../jsonl/map-lines.js";
import { readLines } from "../jsonl/read-lines.js";
import { withCustomId } from "../jsonl/with-field.js";
import type { ResultError } from "../provider/wire.js";
import type { TemporaryFile } from "../temporary-file.js";
import type { ReadResult } from "./read-result.js";
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
 * Brings a job's result lines, in whatever order they come, into a file as OpenAI result lines, and
 * notes where the result of each request lies. Lines that are no results are kept as strays.
 */
export async function spoolResults(
  chunks: AsyncIterable<Uint8Array>,
  file: TemporaryFile,
  isResponse: IsResponse,
  read: ReadResult,
): Promise<ResultIndex> {
  const index = resultIndex(file.descriptor);
  const block = lineBlock();
  let offset = 0;
  for await (const lines of readLines(chunks)) {
    for (const line of lines) {
      const result = read(line.bytes);
      const bytes = result?.bytes ?? line.bytes;
      if (result) {
        const isSuccess = hasSucceeded(result.fields, isResponse);
        index.add(result.customId, bytes.length, offset, isSuccess);
      } else {
        index.addStray(bytes.length, offset);
      }
      offset += bytes.length + 1;
      block.add(bytes);
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

/** How the results of a shard are found, and what is said where there is none. */
export interface ResultOrder {
  readonly isResponse: IsResponse;
  /** What the error of a request says that has no line. */
  readonly unanswered: ResultError;
  /** What the request at this position of the input went by at the provider. Default: its own id. */
  wireIdAt?(position: number): string | undefined;
}

/**
 * One result line for every line of the input, which alone says what was asked. A success is kept
 * byte for byte, but for an id that was not the user's; any other line says in `error` why it is none.
 * A request without a line gets the error `unanswered`.
 */
export function orderResults(
  input: AsyncIterable<Uint8Array>,
  index: ResultIndex,
  { isResponse, unanswered, wireIdAt }: ResultOrder,
): OrderedResults {
  const counts: Record<RequestOutcome, number> = {
    succeeded: 0,
    failed: 0,
    expired: 0,
    cancelled: 0,
    missing: 0,
  };
  let withoutLine = 0;
  let at = 0;

  /** The position of the line of this id, and the line. */
  function lineOf(id: string): readonly [position: number, line: Buffer] | undefined {
    const position = index.find(id);
    const line = position === undefined ? undefined : index.read(position);
    return position !== undefined && line && customIdOf(line) === id ? [position, line] : undefined;
  }

  function resultFor(customId: string): Uint8Array {
    const wireId = wireIdAt?.(at);
    at += 1;
    // A job that was taken over has the ids that somebody else gave it.
    const found = (wireId === undefined ? undefined : lineOf(wireId)) ?? lineOf(customId);
    if (!found) {
      withoutLine += 1;
      counts[outcomeOf(unanswered)] += 1;
      return format(unansweredLine(customId, unanswered));
    }
    const [position, line] = found;
    index.take(position);
    if (index.isSuccess(position)) {
      counts.succeeded += 1;
      return wireId === undefined ? line : withCustomId(line, customId);
    }
    const result = toResultLine(JSON.parse(line.toString("utf8")), isResponse);
    const own = result ? { ...result, custom_id: customId } : unansweredLine(customId, unanswered);
    counts[outcomeOf(own.error)] += 1;
    return format(own);
  }

  return {
    counts,
    get unanswered() {
      return withoutLine;
    },
    bytes: mapLines(input, (line) => resultFor(customIdOf(line) ?? "")),
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
