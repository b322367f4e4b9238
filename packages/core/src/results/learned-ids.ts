import { parseWireId, type RoundName, wireIdOf } from "../provider/wire-id.js";
import type { ReadResult } from "./read-result.js";

/** What the requests of a job go by that another batch has created, as far as its results tell. */
export interface LearnedIds {
  /** Reads a result, and notes its id. */
  readonly read: ReadResult;
  /**
   * Whose they are and where in their round they begin, once every result of `requests` that follow
   * each other was read: the first of some that are missing would be taken for the first of all.
   */
  first(requests: number): (RoundName & { readonly ordinal: number }) | undefined;
  /** The id of the request at a position of the job's input; `undefined` where that is not known. */
  wireIdAt(position: number, requests: number): string | undefined;
}

/** Learns the ids of a job from its results. */
export function learnIds(read: ReadResult): LearnedIds {
  let name: RoundName | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = -1;

  function note(wireId: string): void {
    const parsed = parseWireId(wireId);
    if (!parsed) return;
    name ??= { nonce: parsed.nonce, round: parsed.round };
    if (parsed.nonce !== name.nonce || parsed.round !== name.round) return;
    lowest = Math.min(lowest, parsed.ordinal);
    highest = Math.max(highest, parsed.ordinal);
  }

  const ids: LearnedIds = {
    read(line) {
      const result = read(line);
      if (result) note(result.customId);
      return result;
    },
    first(requests) {
      return name && highest - lowest + 1 === requests ? { ...name, ordinal: lowest } : undefined;
    },
    wireIdAt(position, requests) {
      const first = ids.first(requests);
      return first && wireIdOf(first, first.ordinal + position);
    },
  };
  return ids;
}
