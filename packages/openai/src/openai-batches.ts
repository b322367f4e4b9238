import {
  Batch,
  type BatchParts,
  type ChatCompletions,
  type Completions,
  chatCompletions,
  completions,
  type Embeddings,
  embeddings,
  type Moderations,
  moderations,
  type Responses,
  responses,
} from "@langbatch/core";
import { fileStorage } from "@langbatch/storage-file";
import type { OpenAIOptions } from "./openai-options.js";
import { openai } from "./openai-provider.js";

/** Chat completions through the OpenAI Batch API: `/v1/chat/completions`. */
export class OpenAIChatCompletionBatch extends Batch<ChatCompletions, OpenAIOptions> {
  static readonly parts: BatchParts<ChatCompletions, OpenAIOptions> = {
    endpoint: chatCompletions,
    provider: openai,
    storage: fileStorage,
  };
}

/** Embeddings through the OpenAI Batch API: `/v1/embeddings`. */
export class OpenAIEmbeddingBatch extends Batch<Embeddings, OpenAIOptions> {
  static readonly parts: BatchParts<Embeddings, OpenAIOptions> = {
    endpoint: embeddings,
    provider: openai,
    storage: fileStorage,
  };
}

/** The Responses API through the OpenAI Batch API: `/v1/responses`. */
export class OpenAIResponsesBatch extends Batch<Responses, OpenAIOptions> {
  static readonly parts: BatchParts<Responses, OpenAIOptions> = {
    endpoint: responses,
    provider: openai,
    storage: fileStorage,
  };
}

/** Text completions through the OpenAI Batch API: `/v1/completions`. */
export class OpenAICompletionBatch extends Batch<Completions, OpenAIOptions> {
  static readonly parts: BatchParts<Completions, OpenAIOptions> = {
    endpoint: completions,
    provider: openai,
    storage: fileStorage,
  };
}

/** Moderations through the OpenAI Batch API: `/v1/moderations`. */
export class OpenAIModerationBatch extends Batch<Moderations, OpenAIOptions> {
  static readonly parts: BatchParts<Moderations, OpenAIOptions> = {
    endpoint: moderations,
    provider: openai,
    storage: fileStorage,
  };
}
