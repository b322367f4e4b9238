import { LangBatchError } from "./errors.js";

/** @throws `invalid_option` where it is no number of milliseconds. */
export function assertDuration(name: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw wrongOption(name, value, "a number of milliseconds from 0 up");
}

/** @throws `invalid_option` where it is no whole number from `least` up. */
export function assertCount(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw wrongOption(name, value, `a whole number from ${least} up`);
}

function wrongOption(name: string, value: unknown, wanted: string): LangBatchError {
  const shown = typeof value === "string" ? JSON.stringify(value.slice(0, 100)) : String(value);
  return new LangBatchError("invalid_option", `\`${name}\` is ${shown}; use ${wanted}.`);
}
