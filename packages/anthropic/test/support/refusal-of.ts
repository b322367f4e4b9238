import { LangBatchError } from "@langbatch/core";
import { expect } from "vitest";

/** Code and message of the one problem that `act` is refused for. */
export function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (!LangBatchError.is(error, "invalid_request")) throw error;
    const code = error.problems?.[0]?.code;
    expect(error.problems).toEqual([
      { line: 1, customId: undefined, code, message: error.message },
    ]);
    expect(error.total).toBe(1);
    expect(error.message).toMatch(/^[`a-z].*\.$/);
    return `${code}: ${error.message}`;
  }
  return "no refusal";
}
