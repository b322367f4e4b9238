import { LangBatchError } from "@langbatch/core";
import { expect } from "vitest";

/** The code of the LangBatchError that `work` fails with; any other error is thrown. */
export async function codeOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (LangBatchError.is(error)) return error.code;
    throw error;
  }
}

export async function expectCode(code: string, work: () => Promise<unknown>): Promise<void> {
  expect(await codeOf(work), "the code of the error").toBe(code);
}
