import type { ThinkingParam } from "./message-params.js";
import type { Fields } from "./record.js";
import { isAbsent, refusal, shown } from "./refusal.js";

/**
 * How many tokens an answer may have where the request does not say: 4,096, as Claude needs a number
 * and every model allows this one. What a request sets aside for thinking comes on top.
 */
export const defaultMaxTokens = 4096;

/**
 * The `max_tokens` of a request: its own, under either name, or the default.
 *
 * @throws `invalid_request` where it is no positive integer, where two names say two things, and where
 * thinking would use all of it.
 */
export function toMaxTokens(body: Fields, thinking: ThinkingParam | undefined): number {
  const budget = budgetOf(thinking);
  const stated = readLimit(body, "max_completion_tokens");
  const older = readLimit(body, "max_tokens");
  if (stated !== undefined && older !== undefined && stated !== older) {
    throw refusal(
      "unsupported_value",
      `\`body.max_tokens\` is ${older} and \`body.max_completion_tokens\` is ${stated}: send one of them.`,
    );
  }
  const limit = stated ?? older;
  if (limit === undefined) return defaultMaxTokens + (budget ?? 0);
  if (budget !== undefined && budget >= limit) {
    const why = `is ${budget}, and the whole answer may have ${limit} tokens`;
    const remedy = "raise `max_completion_tokens` above it";
    throw refusal("unsupported_value", `\`body.thinking.budget_tokens\` ${why}: ${remedy}.`);
  }
  return limit;
}

function readLimit(body: Fields, name: string): number | undefined {
  const limit = body[name];
  if (isAbsent(limit)) return undefined;
  if (typeof limit === "number" && Number.isSafeInteger(limit) && limit >= 1) return limit;
  const why = `is ${shown(limit)}`;
  throw refusal("unsupported_value", `\`body.${name}\` ${why}: send a whole number from 1 on.`);
}

function budgetOf(thinking: ThinkingParam | undefined): number | undefined {
  const budget: unknown = thinking?.type === "enabled" ? thinking.budget_tokens : undefined;
  return typeof budget === "number" ? budget : undefined;
}
