import { retryAfterMs, withoutSecrets } from "@langbatch/core/http";
import { excerpt } from "./excerpt.js";
import { failedResponse } from "./failed-result.js";
import { type Asked, hopelessness } from "./hopeless.js";
import { isRecord } from "./is-record.js";
import { isSuccessStatus } from "./is-success-status.js";
import { oneLine } from "./one-line.js";
import { parseJson } from "./parse-json.js";
import type { EndpointAnswer } from "./question.js";
import type { ServiceWords } from "./service-words.js";
import { unanswered } from "./unanswered.js";
import { usageOf } from "./usage.js";
import type { Result, Verdict } from "./verdict.js";

/** What to make of an answer of the endpoint, whatever its status. */
export function judgeResponse(answer: EndpointAnswer, asked: Asked): Verdict {
  return isSuccessStatus(answer.status) ? judgeSuccess(answer, asked) : judgeFailure(answer, asked);
}

function judgeSuccess({ status, requestId, text }: EndpointAnswer, { secrets }: Asked): Verdict {
  const body = parseJson(text.trim());
  if (isRecord(body)) {
    const request = requestId !== undefined && { request_id: requestId };
    const response = { status_code: status, ...request, body: oneLine(text) };
    return { is: "result", response, error: null, usage: usageOf(body) };
  }
  // To ask again would bring, and cost, the same.
  if (/^\s*(data|event): ?/.test(text)) {
    return unanswered(
      "invalid_request",
      "The answer is a stream, which a batch cannot take. Leave `stream` out of the body.",
    );
  }
  const shown = excerpt(withoutSecrets(text.slice(0, mostCharacters), secrets));
  const result = unanswered(
    "invalid_response",
    shown ? `The answer is no JSON object: ${shown}` : "The answer is empty.",
  );
  return { is: "again", how: "failed", counts: true, result };
}

/** Of which 200 are shown: a key at the end of them must still be whole. */
const mostCharacters = 4096;

function judgeFailure(answer: EndpointAnswer, asked: Asked): Verdict {
  const { result, words } = failedResponse(answer, asked.secrets);
  const error = hopelessness(answer, words, asked);
  if (error) return { is: "hopeless", error };
  const wishMs = retryAfterMs(answer.headers);
  return trouble(answer.status, words, wishMs, result) ?? result;
}

/** The statuses below 500 that speak of the moment, not of the request (RFC 9110, RFC 8470). */
const passingStatuses: ReadonlySet<number> = new Set([408, 409, 425]);

function trouble(
  status: number,
  words: ServiceWords,
  wishMs: number | undefined,
  result: Result,
): Verdict | undefined {
  const wish = wishMs !== undefined && { retryAfterMs: wishMs };
  const again = { is: "again", ...wish, result } as const;
  if (status === 429) return { ...again, how: "rate-limited", counts: false };
  // 529 is Anthropic's word for overloaded.
  if (status === 503 || status === 529) {
    const isToldToWait = wishMs !== undefined || isLoading(words);
    return { ...again, how: "overloaded", counts: !isToldToWait };
  }
  // No status of HTTP below 200 or above 599 is an answer.
  const isPassing = passingStatuses.has(status) || status >= 500 || status < 200;
  return isPassing ? { ...again, how: "failed", counts: true } : undefined;
}

/** A server that reads its model for minutes says so meanwhile: llama.cpp's "Loading model". */
function isLoading({ message = "" }: ServiceWords): boolean {
  return /\bloading\b/i.test(message);
}
