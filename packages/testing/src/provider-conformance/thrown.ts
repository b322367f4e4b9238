import { LangBatchError } from "@langbatch/core";
import { expect } from "vitest";

export async function thrownBy(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return expect.fail("Nothing was thrown.");
}

export function codeOf(error: unknown): string | undefined {
  return LangBatchError.is(error) ? error.code : undefined;
}

export function expectLangBatchError(error: unknown): void {
  expect(error).toSatisfy((thrown) => LangBatchError.is(thrown), "is a LangBatchError");
}
