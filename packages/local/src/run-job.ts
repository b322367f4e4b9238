import type { CallContext, Job, Journal, ShardInput } from "@langbatch/core";
import { readAnswered } from "./answered.js";
import type { JobParts } from "./job-parts.js";
import { openJobRun } from "./job-run.js";

/**
 * Runs a job: asks every request that has no line in the journal, and gives each one there. Yields how far
 * it has come, at most about four times a second, at last as `completed`.
 *
 * What is in the journal is never asked again. A request that is on its way may be, after a crash: its place
 * at the gate is free only once its line is durable. When the signal is aborted, what is on its way has
 * 5 seconds to be answered and kept; when the caller goes away, none.
 *
 * @param job - named after its tag, `in_progress`.
 * @throws the signal's reason; what the journal threw; what was hopeless (see the verdict); `quota` when
 * only requests to come later came for 10 minutes; `input_unreadable` where the input is not the job's.
 */
export async function* runJob(
  job: Job,
  input: ShardInput,
  journal: Journal,
  context: CallContext,
  parts: JobParts,
): AsyncGenerator<Job> {
  const { endpoint, signal } = context;
  signal?.throwIfAborted();
  const answered = await readAnswered(journal, input.tag, input.requests, signal);
  const run = openJobRun({ input, journal, endpoint, answered, ...parts });
  const shown = (): Job => ({ ...job, ...run.progress() });
  const stop = () => run.stop(signal?.reason);
  try {
    yield shown();
    signal?.throwIfAborted();
    signal?.addEventListener("abort", stop, { once: true });
    run.start();
    while (await run.changed()) yield shown();
    yield { ...shown(), status: "completed", rawStatus: "completed" };
  } finally {
    signal?.removeEventListener("abort", stop);
    await run.close();
  }
}
