import { onTestFinished } from "vitest";
import { type AskedEndpoint, askEndpoint } from "../../src/ask-endpoint.js";
import type { Question } from "../../src/question.js";

export const question: Question = {
  customId: "a",
  url: "/v1/chat/completions",
  body: Buffer.from('{"model":"m"}'),
};

/** Of a request that nobody stops. */
export const never: AbortSignal = new AbortController().signal;

/** An endpoint that is closed with the test. */
export function openEndpoint(options: Parameters<typeof askEndpoint>[0]): AskedEndpoint {
  const endpoint = askEndpoint(options);
  onTestFinished(() => endpoint.close());
  return endpoint;
}
