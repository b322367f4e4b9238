import { LangBatchError } from "@langbatch/core";
import type OpenAI from "openai";
import { answerExcerpt } from "./answer-excerpt.js";
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
export async function readBatch(response: Response, client: OpenAI): Promise<OpenAIBatch> {
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
  const batch = parse(text);
  if (isBatch(batch)) return batch;
  throw new LangBatchError(
    "provider_failed",
    `${hostOf(client)} answered the new batch with ${response.status} and nothing that can be understood.`,
    {
      provider: "openai",
      retryable: true,
      status: response.status,
      answer: answerExcerpt(text, client),
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

function isBatch(value: unknown): value is OpenAIBatch {
  if (typeof value !== "object" || value === null) return false;
  const { id, status } = value as Partial<Record<string, unknown>>;
  return typeof id === "string" && id !== "" && typeof status === "string";
}
