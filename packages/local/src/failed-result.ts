import type { ResultError } from "@langbatch/core";
import type { Secrets } from "@langbatch/core/http";
import { excerpt } from "./excerpt.js";
import { failedBody } from "./failed-body.js";
import { isRecord } from "./is-record.js";
import type { EndpointAnswer } from "./question.js";
import { type ServiceWords, serviceWords } from "./service-words.js";
import type { Result } from "./verdict.js";

/** An answer that is no success, read. */
export interface FailedResponse {
  /** What is kept of the request if this is its last answer. */
  readonly result: Result;
  /** What the service says, without secrets. */
  readonly words: ServiceWords;
}

/** Reads an answer with another status than 2xx. */
export function failedResponse(answer: EndpointAnswer, secrets: Secrets): FailedResponse {
  const { status, requestId } = answer;
  const { json, parsed, isJson } = failedBody(answer.text, secrets);
  const words = serviceWords(parsed);
  const request = requestId !== undefined && { request_id: requestId };
  const response = { status_code: status, ...request, body: json };
  const error = isJson && hasEnvelope(parsed) ? null : errorOf(status, words, json, isJson);
  return { result: { is: "result", response, error }, words };
}

/** Whether core reads the reason out of the body, as of every provider's. */
function hasEnvelope(body: unknown): boolean {
  return isRecord(body) && isRecord(body.error) && typeof body.error.message === "string";
}

function errorOf(
  status: number,
  { code, message }: ServiceWords,
  json: string,
  isJson: boolean,
): ResultError {
  const shown = message ?? (isJson ? json : String(JSON.parse(json)));
  return {
    code: code ?? `http_${status}`,
    message: `The request was answered with ${status}${shown && `: ${excerpt(shown)}`}`,
  };
}
