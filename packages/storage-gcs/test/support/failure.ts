import { LangBatchError } from "@langbatch/core";

/** The LangBatchError that `work` fails with; any other error is thrown. */
export async function failure(work: Promise<unknown>): Promise<LangBatchError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (LangBatchError.is(error)) return error;
  throw error ?? new Error("It did not fail.");
}
