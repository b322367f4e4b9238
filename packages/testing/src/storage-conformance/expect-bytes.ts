import { expect } from "vitest";
import { sha256 } from "./sha256.js";

/** Compared by hand where they are equal: printing a megabyte of bytes takes seconds. */
export function expectBytes(actual: Uint8Array | undefined, expected: Uint8Array): void {
  if (actual && Buffer.compare(actual, expected) === 0) return;
  expect(actual && { bytes: actual.length, sha256: sha256(actual) }).toEqual({
    bytes: expected.length,
    sha256: sha256(expected),
  });
}
