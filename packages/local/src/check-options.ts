import { LangBatchError } from "@langbatch/core";
import type { LocalOptions } from "./local-options.js";

/** The longest that a timer waits (Node.js, `setTimeout`). */
const longestMs = 2_147_483_647;

/** The options that count something, and the least of each. */
const counts = {
  concurrency: 1,
  maxConcurrency: 1,
  requestsPerMinute: 1,
  tokensPerMinute: 1,
  retries: 0,
} as const satisfies Partial<Record<keyof LocalOptions, number>>;

/** @throws `invalid_option` where a number is none that can be used, or two contradict each other. */
export function checkOptions(options: LocalOptions): void {
  for (const name of Object.keys(counts) as (keyof typeof counts)[]) {
    const value: unknown = options[name];
    if (value === undefined || (Number.isSafeInteger(value) && Number(value) >= counts[name])) {
      continue;
    }
    throw wrongOption(name, value, `a whole number from ${counts[name]} up`);
  }
  const { timeoutMs, groupByPrefix, concurrency, maxConcurrency } = options;
  if (timeoutMs !== undefined && !isDuration(timeoutMs)) {
    throw wrongOption("timeoutMs", timeoutMs, `a number of milliseconds above 0, to ${longestMs}`);
  }
  if (groupByPrefix !== undefined && typeof groupByPrefix !== "boolean") {
    throw wrongOption("groupByPrefix", groupByPrefix, "`true` or `false`");
  }
  if (concurrency !== undefined && maxConcurrency !== undefined) {
    throw invalid(
      "`concurrency` says how many requests are on their way, `maxConcurrency` how many are tried where nothing says so. Give one of them.",
    );
  }
}

function isDuration(value: unknown): boolean {
  return typeof value === "number" && value > 0 && value <= longestMs;
}

function wrongOption(name: string, value: unknown, wanted: string): LangBatchError {
  const shown = typeof value === "string" ? JSON.stringify(value.slice(0, 100)) : String(value);
  return invalid(`\`${name}\` is ${shown}; use ${wanted}.`);
}

function invalid(message: string): LangBatchError {
  return new LangBatchError("invalid_option", message, { provider: "local" });
}
