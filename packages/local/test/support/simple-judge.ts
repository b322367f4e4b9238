import { LangBatchError } from "@langbatch/core";
import { retryAfterMs } from "@langbatch/core/http";
import type { Answer } from "../../src/question.js";
import type { Result, Verdict } from "../../src/verdict.js";

/** What the answers of a bench mean: by their status, and nothing else. */
export function simpleJudge(answer: Answer): Verdict {
  switch (answer.came) {
    case "response":
      return judgeStatus(answer.status, answer.text, retryAfterMs(answer.headers));
    case "timeout":
      return { is: "again", how: "overloaded", counts: true, result: failure("timeout") };
    case "no-answer":
      return answer.isUnsent
        ? { is: "hopeless", error: new LangBatchError("provider_failed", "Nobody is there.") }
        : { is: "again", how: "failed", counts: true, result: failure(answer.reason) };
    case "thrown":
      return { is: "again", how: "failed", counts: true, result: failure(answer.message) };
    case "refused-here":
      return { is: "hopeless", error: new LangBatchError("invalid_option", answer.message) };
  }
}

function judgeStatus(status: number, body: string, wishMs: number | undefined): Verdict {
  const wish = wishMs !== undefined && { retryAfterMs: wishMs };
  const result: Result = {
    is: "result",
    response: { status_code: status, body },
    error: null,
    usage: status === 200 ? { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } : undefined,
  };
  if (status === 401) {
    const error = new LangBatchError("provider_failed", "The key is refused.", { status });
    return { is: "hopeless", error };
  }
  if (status === 429) return { is: "again", how: "rate-limited", counts: false, result, ...wish };
  if (status === 503) return { is: "again", how: "overloaded", counts: false, result, ...wish };
  if (status >= 500) return { is: "again", how: "failed", counts: true, result, ...wish };
  return result;
}

function failure(code: string): Result {
  return {
    is: "result",
    response: null,
    error: { code, message: `It failed: ${code}.` },
    usage: undefined,
  };
}
