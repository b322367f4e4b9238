import { customIdOf } from "../jsonl/custom-id.js";
import { topLevelValue } from "../jsonl/top-level-value.js";

/** Result lines in input order, some at a time. */
export type ResultLines = AsyncIterable<readonly Buffer[]>;

/**
 * The results of all rounds as one: a success of an earlier round stays, any other line gives way to
 * that of the next round that asked again. A later round holds only requests that had no success, in
 * the same order, though maybe not all of them, so all rounds are read once, side by side.
 */
export async function* mergeRounds(
  rounds: readonly ResultLines[],
): AsyncGenerator<readonly Buffer[]> {
  const [first, ...later] = rounds;
  if (!first) return;
  if (later.length === 0) {
    yield* first;
    return;
  }
  const cursors = later.map(lineCursor);
  try {
    for await (const lines of first) {
      const merged: Buffer[] = [];
      for (const line of lines) {
        merged.push(isSuccessLine(line) ? line : await latestOf(line, cursors));
      }
      yield merged;
    }
  } finally {
    for (const cursor of cursors) await cursor.close();
  }
}

/** What the later rounds say of a request that had no success in the first one. */
async function latestOf(line: Buffer, rounds: readonly LineCursor[]): Promise<Buffer> {
  const customId = customIdOf(line);
  let latest = line;
  for (const round of rounds) {
    const newer = await round.current();
    if (newer === undefined || customIdOf(newer) !== customId) continue;
    round.advance();
    latest = newer;
  }
  return latest;
}

/** Whether a stored result line is a success: any other has its reason in `error`. */
export function isSuccessLine(line: Buffer): boolean {
  const range = topLevelValue(line, "error");
  return range === undefined || line[range.start] !== 0x7b;
}

/** Lines one at a time. */
export interface LineCursor {
  /** The line at hand; `undefined` after the last. */
  current(): Promise<Buffer | undefined>;
  advance(): void;
  close(): Promise<void>;
}

/** The lines of a stream, to be taken one at a time. */
export function lineCursor(source: ResultLines): LineCursor {
  const iterator = source[Symbol.asyncIterator]();
  let lines: readonly Buffer[] = [];
  let at = 0;
  return {
    async current() {
      while (at >= lines.length) {
        const next = await iterator.next();
        if (next.done) return undefined;
        lines = next.value;
        at = 0;
      }
      return lines[at];
    },
    advance() {
      at += 1;
    },
    async close() {
      await iterator.return?.();
    },
  };
}
