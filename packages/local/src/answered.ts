import { type Journal, readLines } from "@langbatch/core";
import { bitSet } from "./bit-set.js";
import { isRecord } from "./is-record.js";
import { isSuccessStatus } from "./is-success-status.js";
import { parseJson } from "./parse-json.js";
import { type Usage, usageOf } from "./usage.js";

/** Which requests of a job have their line in the journal, and what those lines say. */
export interface Answered {
  has(position: number): boolean;
  /**
   * Counts the line of a request, if it is its first.
   *
   * @param isSuccess - whether it holds an answer with a 2xx status and no error.
   */
  add(position: number, isSuccess: boolean, usage: Usage | undefined): void;
  readonly completed: number;
  readonly failed: number;
  /** What all of them used, as far as they say so; `undefined` where none does. */
  readonly usage: Usage | undefined;
}

/** A job none of whose requests is answered. */
function noneAnswered(requests: number): Answered {
  const positions = bitSet(requests);
  let completed = 0;
  let failed = 0;
  let total: Usage | undefined;

  return {
    has: positions.has,
    add(position, isSuccess, usage) {
      if (!positions.add(position)) return;
      if (isSuccess) completed += 1;
      else failed += 1;
      if (!usage) return;
      total = {
        prompt_tokens: (total?.prompt_tokens ?? 0) + usage.prompt_tokens,
        completion_tokens: (total?.completion_tokens ?? 0) + (usage.completion_tokens ?? 0),
        total_tokens: (total?.total_tokens ?? 0) + usage.total_tokens,
      };
    },
    get completed() {
      return completed;
    },
    get failed() {
      return failed;
    },
    get usage() {
      return total;
    },
  };
}

/**
 * Reads once what a job's journal holds. The first whole line with the id `<tag>-<position>` is the
 * request's; what is torn, foreign or repeated is none.
 *
 * @throws the signal's reason, once it is aborted.
 */
export async function readAnswered(
  journal: Pick<Journal, "read">,
  tag: string,
  requests: number,
  signal?: AbortSignal,
): Promise<Answered> {
  const answered = noneAnswered(requests);
  for await (const lines of readLines(journal.read())) {
    signal?.throwIfAborted();
    for (const { bytes } of lines) {
      const line = parseJson(bytes.toString("utf8"));
      if (!isRecord(line) || typeof line.custom_id !== "string") continue;
      const position = positionOf(line.id, tag);
      const response = isRecord(line.response) ? line.response : undefined;
      if (position === undefined || !(response ?? isRecord(line.error))) continue;
      const isDone = line.error === null && isSuccessStatus(response?.status_code);
      answered.add(position, isDone, isDone ? usageOf(response?.body) : undefined);
    }
  }
  return answered;
}

/** Written in no other way than ours. */
function positionOf(id: unknown, tag: string): number | undefined {
  if (typeof id !== "string" || !id.startsWith(`${tag}-`)) return undefined;
  const position = id.slice(tag.length + 1);
  return /^(0|[1-9]\d{0,8})$/.test(position) ? Number(position) : undefined;
}
