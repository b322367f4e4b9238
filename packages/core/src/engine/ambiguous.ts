import type { AmbiguousJob, JobRecord } from "../batch/records.js";
import { LangBatchError } from "../errors.js";
import type { EngineContext, Shard } from "./context.js";
import type { Outcome } from "./evolve.js";
import { fence } from "./fence.js";
import { readJob, record } from "./record.js";

/**
 * Does what the user wants done with a job of which nobody can say whether it exists.
 *
 * @returns the error that says so where it stays undecided, or `undefined`.
 * @throws that error under the policy `fail`.
 */
export async function decide(
  engine: EngineContext,
  shard: Shard,
  signal: AbortSignal | undefined,
): Promise<LangBatchError | undefined> {
  const stored = await readJob(engine, shard);
  const job = stored.value;
  if (job.state !== "ambiguous") return undefined;
  const outcome = await decision(engine, job, signal);
  if (outcome) {
    await record(engine, shard, stored, outcome);
    return undefined;
  }
  const error = ambiguousError(engine, shard, job);
  if (engine.onAmbiguous === "fail") throw error;
  return error;
}

async function decision(
  { onAmbiguous, provider, endpoint }: EngineContext,
  job: JobRecord & AmbiguousJob,
  signal: AbortSignal | undefined,
): Promise<Outcome | undefined> {
  const [candidate, ...others] = job.candidates;
  if (onAmbiguous === "adopt-if-unique" && candidate && others.length === 0) {
    return { came: "found", job: candidate, others: [] };
  }
  if (onAmbiguous !== "resubmit") return undefined;
  // A create that is still on its way should fail, where it can.
  await fence({ provider }, job, { endpoint: endpoint.url, ...(signal && { signal }) });
  return { came: "given-up" };
}

/** What the user is told, and what can be done. */
export function ambiguousError(
  { id, provider }: Pick<EngineContext, "id" | "provider">,
  { round, shard }: Pick<Shard, "round" | "shard">,
  { reason, candidates, answer }: AmbiguousJob,
): LangBatchError {
  const what = `Nobody can say whether ${provider.id} created the job of shard ${shard}, round ${round}, of batch ${id}: ${reason}.`;
  const shown =
    candidates.length > 0 ? ` It may be ${candidates.map((job) => job.id).join(", ")}.` : "";
  const adopted = candidates.length === 1 ? 'with `onAmbiguous: "adopt-if-unique"`' : "by `adopt`";
  const remedy = `Look for it at the provider. If it is there, take it over ${adopted}; if it certainly is not, load the batch with \`onAmbiguous: "resubmit"\`.`;
  return new LangBatchError("ambiguous", `${what}${shown} ${remedy}`, {
    provider: provider.id,
    retryable: true,
    ...(answer !== undefined && { answer }),
  });
}
