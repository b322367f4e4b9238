import { LangBatchError } from "../errors.js";
import type { CheckedLine, InputNoun } from "./check-line.js";
import { type JobLimits, optionNames, type PlanLimits } from "./limits.js";

/** A job that must end with fewer requests than the provider takes. */
interface SmallJob {
  readonly first: CheckedLine;
  readonly requests: number;
  /** What ends it. */
  readonly limit: keyof JobLimits;
  /** How many requests follow it, where they are the last ones; else 0. */
  readonly left: number;
}

const things = {
  maxRequests: "requests",
  maxBytes: "bytes",
  maxTokens: "tokens",
} as const satisfies Readonly<Record<keyof JobLimits, string>>;

/** The `invalid_request` that says which limit and the provider's minimum exclude each other. */
export function tooFewError(
  { first, requests, limit, left }: SmallJob,
  limits: PlanLimits,
  noun: InputNoun,
): LangBatchError {
  const { minRequests, provider } = limits;
  const most = limits[limit];
  const isOwn = limit === "maxTokens" || most < provider[limit];
  const which = isOwn
    ? `\`${optionNames[limit]}\` (${most})`
    : `the provider's limit of ${most} ${things[limit]}`;
  const what =
    left === 0
      ? `the job that begins here is full after ${counted(requests)}, because of ${which}`
      : `from here to the end there are ${counted(requests + left)}: too many for one job, because of ${which}, and too few for two`;
  const remedy = left === 0 ? "make the requests smaller" : "add requests, or leave some out";
  const message = `${noun} ${first.line.number}: ${what}; this provider takes no fewer than ${minRequests} in a job. ${isOwn ? `Raise the option, or ${remedy}` : capitalized(remedy)}.`;
  const { customId } = first;
  const { number: line } = first.line;
  return new LangBatchError("invalid_request", `Nothing was sent. ${message}`, {
    line,
    customId,
    problems: [{ line, customId, code: "too_few_requests", message }],
    total: 1,
  });
}

function counted(requests: number): string {
  return `${requests} request${requests === 1 ? "" : "s"}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
