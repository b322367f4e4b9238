import type { Result } from "./verdict.js";

/** The result of a request that has no answer that can be kept. */
export function unanswered(code: string, message: string): Result {
  return { is: "result", response: null, error: { code, message } };
}
