import type { QuestionOrder } from "./group-by-prefix.js";
import { type PlacedQuestion, questionOfLine } from "./question-of-line.js";
import type { QuestionSource } from "./read-questions.js";

/**
 * What lies between two questions is read along up to this length: to begin at another place takes about
 * as long (Node 20, a blob of a file).
 */
const mostGapBytes = 65_536;
/** How much is read at once, but for a longer question. */
const mostBytes = 1_048_576;

/** The questions of an order in that order, some at a time. Holds about 1 MiB, or one long question. */
export async function* readOrdered(
  { input: { data }, url }: Pick<QuestionSource, "input" | "url">,
  { positions, starts }: QuestionOrder,
): AsyncGenerator<readonly PlacedQuestion[]> {
  let from = 0;
  while (from < positions.length) {
    const stretch = positions.subarray(from, stretchEnd(positions, starts, from));
    const [first, end] = rangeOf(starts, stretch);
    const bytes = Buffer.from(await data.slice(first, end).arrayBuffer());
    yield Array.from(stretch, (position) => {
      // The line end is white space, which JSON may have behind it.
      const [lineStart, lineEnd] = rangeOf(starts, [position]);
      return questionOfLine(bytes.subarray(lineStart - first, lineEnd - first), position, url);
    });
    from += stretch.length;
  }
}

/** Up to where questions lie so close to one another, in this direction, that they are read at once. */
function stretchEnd(positions: Uint32Array, starts: Float64Array, from: number): number {
  const [first, firstEnd] = rangeOf(starts, positions.subarray(from, from + 1));
  let end = firstEnd;
  let to = from + 1;
  while (to < positions.length) {
    const [nextStart, nextEnd] = rangeOf(starts, positions.subarray(to, to + 1));
    const isNear = nextStart >= end && nextStart - end <= mostGapBytes;
    if (!isNear || nextEnd - first > mostBytes) break;
    end = nextEnd;
    to += 1;
  }
  return to;
}

/** Where the lines from the first to the last position of a rising sequence lie. */
function rangeOf(starts: Float64Array, positions: ArrayLike<number>): [start: number, end: number] {
  const first = positions[0] ?? 0;
  const last = positions[positions.length - 1] ?? first;
  return [starts[first] ?? 0, starts[last + 1] ?? 0];
}
