import { LangBatchError } from "@langbatch/core";
import { expect } from "vitest";

/** What every failure looks like that may pass. */
export const failedForNow = { code: "provider_failed", retryable: true };

/** The LangBatchError that a call fails with; any other error is thrown. */
export async function errorOf(call: Promise<unknown> | undefined): Promise<LangBatchError> {
  try {
    await call;
  } catch (error) {
    if (LangBatchError.is(error)) return error;
    throw error;
  }
  return expect.fail("Nothing was thrown.");
}
