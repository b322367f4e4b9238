import { LangBatchError, type RequestProblem } from "../errors.js";
import { customIdOf } from "../jsonl/custom-id.js";
import { readLines } from "../jsonl/read-lines.js";
import { type CheckedLine, duplicateProblem, type InputNoun } from "./check-line.js";
import type { InputLine } from "./item-input.js";

/** How many problems an error lists. */
const mostListed = 100;

/** An input that is checked while it is read. */
export interface CheckedInput {
  /**
   * The lines that may be sent. From the first bad line on nothing more comes, since nothing will be
   * sent; the rest is only read to find all that is bad.
   *
   * @throws `invalid_request` at the end of an input with bad lines.
   */
  readonly lines: AsyncIterable<readonly CheckedLine[]>;
  /**
   * Decides, once all lines are stored, whether those whose id seemed to be there already repeat it
   * or only share its hash.
   *
   * @throws `invalid_request` where one does.
   */
  confirmIds(stored: AsyncIterable<Uint8Array>): Promise<void>;
}

/** Checks the lines with `check`, one after the other. */
export function checkInput(
  input: AsyncIterable<readonly InputLine[]>,
  check: (line: Extract<InputLine, { readonly bytes: Buffer }>) => CheckedLine | RequestProblem,
  noun: InputNoun,
): CheckedInput {
  const problems: RequestProblem[] = [];
  let total = 0;
  const suspects: CheckedLine[] = [];

  function note(problem: RequestProblem): void {
    total += 1;
    if (problems.length < mostListed) problems.push(problem);
  }

  function noteDuplicate({ line, customId, earlierLine = 0 }: CheckedLine): void {
    note(duplicateProblem(line.number, customId, earlierLine, noun));
  }

  function examine(line: InputLine): CheckedLine | undefined {
    const checked = "bytes" in line ? check(line) : line;
    if ("code" in checked) {
      note(checked);
      return undefined;
    }
    if (checked.earlierLine === undefined) return checked;
    // So many of them are no accidents of hashing.
    if (suspects.length < mostListed) suspects.push(checked);
    else noteDuplicate(checked);
    return checked;
  }

  async function* lines(): AsyncGenerator<readonly CheckedLine[]> {
    for await (const some of input) {
      const good: CheckedLine[] = [];
      for (const line of some) {
        const checked = examine(line);
        if (checked) good.push(checked);
      }
      if (total === 0) yield good;
    }
    if (total === 0) return;
    suspects.forEach(noteDuplicate);
    throw problemsError(problems, total, noun);
  }

  return {
    lines: lines(),
    async confirmIds(stored) {
      if (suspects.length === 0) return;
      const counts = await countIds(stored, new Set(suspects.map(({ customId }) => customId)));
      for (const suspect of suspects) {
        if ((counts.get(suspect.customId) ?? 0) > 1) noteDuplicate(suspect);
      }
      if (total > 0) throw problemsError(problems, total, noun);
    },
  };
}

async function countIds(
  stored: AsyncIterable<Uint8Array>,
  ids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for await (const lines of readLines(stored)) {
    for (const { bytes } of lines) {
      const id = customIdOf(bytes);
      if (id !== undefined && ids.has(id)) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  return counts;
}

function problemsError(
  problems: readonly RequestProblem[],
  total: number,
  noun: InputNoun,
): LangBatchError {
  const sorted = problems.toSorted((a, b) => a.line - b.line);
  const [first] = sorted;
  const what = `${total} ${noun.toLowerCase()}${total === 1 ? "" : "s"} cannot be sent`;
  return new LangBatchError(
    "invalid_request",
    `${what}, so nothing was sent. ${first?.message ?? ""}${total > 1 ? " See `problems` for more." : ""}`,
    {
      problems: sorted,
      total,
      ...(first && { line: first.line }),
      ...(first?.customId !== undefined && { customId: first.customId }),
    },
  );
}
