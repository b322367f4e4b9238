import { LangBatchError } from "@langbatch/core";

/** The error of a run, which says how far it has come by then: nothing of that is lost. */
export function withProgress(
  error: LangBatchError,
  done: number,
  requests: number,
): LangBatchError {
  const { code, message, retryable, provider, status, retryAfterMs, cause } = error;
  return new LangBatchError(
    code,
    `${message} ${done} of ${requests} requests are answered and kept: run the batch again, and only the others are asked.`,
    {
      retryable,
      ...(provider !== undefined && { provider }),
      ...(status !== undefined && { status }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(cause !== undefined && { cause }),
    },
  );
}
