import { expect } from "vitest";

export function required<Value>(value: Value | undefined): Value {
  if (value === undefined) expect.fail("It was expected to be there.");
  return value;
}
