import { isTerminal } from "../engine/evolve.js";
import { LangBatchError } from "../errors.js";
import { readLines } from "../jsonl/read-lines.js";
import type { InputLine } from "../plan/item-input.js";
import type { BatchProvider, CallContext, Job } from "../provider/provider.js";
import { derivesIds } from "../provider/wire-id.js";
import { learnIds } from "../results/learned-ids.js";
import { resultReader } from "../results/read-result.js";
import type { BatchSource } from "./source.js";

/**
 * The lines of an input that a job was made from. Where ids are derived and the job has ended, its
 * results say which part of the whole input that is; otherwise it must be all of it.
 *
 * @throws `wrong_input` where the job is of a retry, whose input nobody has any more.
 */
export async function linesOfJob(
  provider: BatchProvider,
  job: Job,
  source: BatchSource,
  context: CallContext,
): Promise<BatchSource> {
  const traits = await provider.traits(context);
  if (!derivesIds(traits) || !isTerminal(job.status)) return source;
  const ids = learnIds(resultReader(traits.wire));
  let results = 0;
  for await (const lines of readLines(provider.results(job, context))) {
    for (const { bytes } of lines) if (ids.read(bytes)) results += 1;
  }
  const requests = job.requests ?? results;
  const first = ids.first(requests);
  // Ids of somebody else's own; or not all results came, and what they are cannot be told.
  if (!first) return source;
  if (first.round > 0) {
    throw new LangBatchError(
      "wrong_input",
      `The job ${job.id} asked again for some requests of a batch, and nothing but that batch's storage says for which. Take over the jobs of its first round, and retry.`,
      { provider: provider.id },
    );
  }
  const from = first.ordinal;
  return { ...source, lines: (maxBytes) => part(source.lines(maxBytes), from, from + requests) };
}

/** The lines from one position up to another, which is not included. */
async function* part(
  input: AsyncIterable<readonly InputLine[]>,
  from: number,
  to: number,
): AsyncGenerator<readonly InputLine[]> {
  let before = 0;
  for await (const lines of input) {
    const wanted = lines.slice(Math.max(0, from - before), Math.max(0, to - before));
    before += lines.length;
    if (wanted.length > 0) yield wanted;
    if (before >= to) return;
  }
}
