import { LangBatchError } from "@langbatch/core";
import { answerExcerpt, readAnswer } from "@langbatch/core/http";
import { type AskedService, secretsOf } from "./asked-service.js";
import { hostOf } from "./host-of.js";
import type { OpenAIBatch } from "./openai-api.js";

/**
 * The batch that a create was answered with.
 *
 * @throws `provider_failed` with what came, where it is no batch: the service has said that it created
 * one all the same.
 */
export async function readBatch(response: Response, service: AskedService): Promise<OpenAIBatch> {
  const { text, json, cause } = await readAnswer(response);
  if (isBatch(json)) return json;
  // Together puts it into one more object (npm `together-ai` 0.52.0, `resources/batches.d.ts`).
  if (isObject(json) && isBatch(json.job)) return json.job;
  throw new LangBatchError(
    "provider_failed",
    `${hostOf(service)} answered the new batch with ${response.status} and nothing that can be understood.`,
    {
      provider: service.providerId,
      retryable: true,
      status: response.status,
      answer: answerExcerpt(text, secretsOf(service.client)),
      ...(cause !== undefined && { cause }),
    },
  );
}

function isObject(value: unknown): value is Readonly<Partial<Record<string, unknown>>> {
  return typeof value === "object" && value !== null;
}

function isBatch(value: unknown): value is OpenAIBatch {
  if (!isObject(value)) return false;
  const { id, status } = value;
  return typeof id === "string" && id !== "" && typeof status === "string";
}
