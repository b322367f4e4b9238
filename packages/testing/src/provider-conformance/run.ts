import type { Job, Journal } from "@langbatch/core";
import { contextOf } from "./calls.js";
import { journalOf } from "./journal-of.js";
import type { ProviderUnderTest } from "./provider-under-test.js";
import { required } from "./required.js";
import type { Submitted } from "./submit.js";

/** How a run differs from one that may go on to its end. */
interface RunOptions {
  /** Default: the job's own. */
  readonly journal?: Journal;
  readonly signal?: AbortSignal;
}

/** Runs a job, where the provider can. */
export async function* run(
  subject: ProviderUnderTest,
  { input, job }: Pick<Submitted, "input" | "job">,
  { journal = journalOf(subject, job), signal }: RunOptions = {},
): AsyncGenerator<Job> {
  await subject.finish();
  const context = { ...contextOf(subject), ...(signal && { signal }) };
  yield* required(subject.provider.run?.(job, input, journal, context));
}
