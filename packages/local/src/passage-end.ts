import type { PassageEnd } from "./gate.js";
import type { Answer } from "./question.js";
import { rateLimitHints } from "./rate-limit-hints.js";
import type { Verdict } from "./verdict.js";

/** What the gate learns from an answer. */
export function passageEnd(answer: Answer, verdict: Verdict, latencyMs: number): PassageEnd {
  const headers = answer.came === "response" ? answer.headers : undefined;
  const hints = headers && rateLimitHints(headers);
  switch (verdict.is) {
    case "result":
      return { how: "answered", latencyMs, tokens: verdict.usage?.total_tokens, hints };
    case "again":
      return { how: verdict.how, latencyMs, retryAfterMs: verdict.retryAfterMs, hints };
    case "hopeless":
      return { how: "failed", latencyMs, hints };
  }
}
