import { topLevelValue } from "@langbatch/core";

/** How many bytes of a request make about one token. */
const bytesPerToken = 4;

/** How the endpoints call the longest answer a request allows, the newest name first. */
const limitFields = ["max_completion_tokens", "max_tokens", "max_output_tokens"];

/** About how many tokens a request may cost: those of its body, and of the longest answer it allows. */
export function estimateTokens(body: Buffer): number {
  return Math.ceil(body.length / bytesPerToken) + longestAnswer(body);
}

function longestAnswer(body: Buffer): number {
  for (const field of limitFields) {
    const range = topLevelValue(body, field);
    const limit = range ? Number(body.toString("latin1", range.start, range.end)) : 0;
    if (limit > 0 && Number.isFinite(limit)) return limit;
  }
  return 0;
}
