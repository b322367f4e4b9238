import { LangBatchError } from "@langbatch/core";
import { answerExcerpt } from "./answer-excerpt.js";
import type { AskedService } from "./asked-service.js";
import { hostOf } from "./host-of.js";
import type { OpenAIBatch } from "./openai-api.js";

/** The most that is read of an answer: a batch has some thousand characters. */
const mostCharacters = 1_000_000;

/**
 * The batch that a create was answered with. Read without the SDK, which keeps nothing of an answer
 * that it cannot read, and to which any text is one.
 *
 * @throws `provider_failed` with what came, where it is no batch: the service has said that it created
 * one all the same.
 */
export async function readBatch(response: Response, service: AskedService): Promise<OpenAIBatch> {
  let text = "";
  let cause: unknown;
  try {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.length > mostCharacters) break;
    }
  } catch (error) {
    cause = error;
  }
  // What is whole is whole, also where the connection broke behind it.
  const answer = parse(text);
  if (isBatch(answer)) return answer;
  // Together puts it into one more object (npm `together-ai` 0.52.0, `resources/batches.d.ts`).
  if (isObject(answer) && isBatch(answer.job)) return answer.job;
  throw new LangBatchError(
    "provider_failed",
    `${hostOf(service)} answered the new batch with ${response.status} and nothing that can be understood.`,
    {
      provider: service.providerId,
      retryable: true,
      status: response.status,
      answer: answerExcerpt(text, service.client),
      ...(cause !== undefined && { cause }),
    },
  );
}

/** Without the error of what is no JSON, which quotes the text and perhaps a key in it. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Partial<Record<string, unknown>>> {
  return typeof value === "object" && value !== null;
}

function isBatch(value: unknown): value is OpenAIBatch {
  if (!isObject(value)) return false;
  const { id, status } = value;
  return typeof id === "string" && id !== "" && typeof status === "string";
}
