import { LangBatchError } from "../errors.js";
import type { BatchProvider } from "../provider/provider.js";

/** A job that the provider does not show: which may pass, and never means that it is gone. */
export function unseenError({ id }: Pick<BatchProvider, "id">, jobId: string): LangBatchError {
  return new LangBatchError(
    "not_found",
    `${id} does not show the job ${jobId} at the moment. Should that last, check that the key, project and address are those it was created with.`,
    { provider: id, retryable: true },
  );
}
