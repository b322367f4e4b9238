import { runsHere } from "../engine/runs-here.js";
import { cleanJobs } from "../engine/work.js";
import { LangBatchError } from "../errors.js";
import { bringHome, type OpenBatch } from "./open-batch.js";

/**
 * Deletes what the provider keeps of a batch, once every result is home. A job of which a result is
 * missing is left as it is.
 *
 * @throws `not_ready`; `invalid_state` where the provider cannot delete.
 */
export async function cleanBatch(open: OpenBatch, signal: AbortSignal | undefined): Promise<void> {
  const { engine, shards } = open;
  if (!engine.provider.clean && !runsHere(engine.provider)) {
    throw new LangBatchError(
      "invalid_state",
      `The provider ${engine.provider.id} cannot delete what it keeps of a batch.`,
      { provider: engine.provider.id },
    );
  }
  await bringHome(open, signal);
  await cleanJobs(engine, shards, signal);
}
