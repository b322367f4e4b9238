import { LangBatchError } from "@langbatch/core";
import { expect } from "vitest";

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
