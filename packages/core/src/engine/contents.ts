import { LangBatchError } from "../errors.js";
import { readLines } from "../jsonl/read-lines.js";
import type { BatchProvider, CallContext, Job } from "../provider/provider.js";
import type { WireFormat } from "../provider/wire.js";
import { resultReader } from "../results/read-result.js";

/** What ended jobs brought, as far as it says whose they are. */
export interface Contents {
  /**
   * The wire ids of some of a job's results. Empty where they cannot be read now, or say nothing.
   *
   * @throws `signal.reason`
   */
  someIds(job: Job, wire: WireFormat, context: CallContext): Promise<readonly string[]>;
}

/** More than one, because a line may be broken. */
const linesRead = 100;

/** Reads the beginning of a job's results, once: what an ended job brought does not change. */
export function openContents(provider: BatchProvider): Contents {
  const known = new Map<string, readonly string[]>();
  return {
    async someIds(job, wire, context) {
      const before = known.get(job.id);
      if (before) return before;
      const ids = await readSomeIds(provider, job, wire, context);
      if (ids.length > 0) known.set(job.id, ids);
      return ids;
    },
  };
}

async function readSomeIds(
  provider: BatchProvider,
  job: Job,
  wire: WireFormat,
  context: CallContext,
): Promise<readonly string[]> {
  const read = resultReader(wire);
  const ids: string[] = [];
  let lines = 0;
  try {
    for await (const some of readLines(provider.results(job, context))) {
      for (const { bytes } of some) {
        lines += 1;
        const result = read(bytes);
        if (result) ids.push(result.customId);
        if (lines === linesRead) return ids;
      }
    }
  } catch (error) {
    context.signal?.throwIfAborted();
    // What cannot be read says nothing, and a job that says nothing may be any.
    if (!LangBatchError.is(error)) throw error;
    return [];
  }
  return ids;
}
