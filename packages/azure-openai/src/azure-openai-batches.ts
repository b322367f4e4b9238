import {
  Batch,
  type BatchParts,
  type Embeddings,
  embeddings,
  type Responses,
  responses,
} from "@langbatch/core";
import { fileStorage } from "@langbatch/storage-file";
import { type AzureChatCompletions, azureChatCompletions } from "./azure-chat-completions.js";
import type { AzureOpenAIOptions } from "./azure-openai-options.js";
import { azureOpenAI } from "./azure-openai-provider.js";

/**
 * Chat completions through Azure OpenAI's batch deployments: `/v1/chat/completions`. A result's choices
 * show what the content filter found.
 */
export class AzureOpenAIChatCompletionBatch extends Batch<
  AzureChatCompletions,
  AzureOpenAIOptions
> {
  static readonly parts: BatchParts<AzureChatCompletions, AzureOpenAIOptions> = {
    endpoint: azureChatCompletions,
    provider: azureOpenAI,
    storage: fileStorage,
  };
}

/**
 * Embeddings through Azure OpenAI's batch deployments: `/v1/embeddings`. The API's reference lists
 * them, Azure's guide says that they are not supported: the service decides.
 */
export class AzureOpenAIEmbeddingBatch extends Batch<Embeddings, AzureOpenAIOptions> {
  static readonly parts: BatchParts<Embeddings, AzureOpenAIOptions> = {
    endpoint: embeddings,
    provider: azureOpenAI,
    storage: fileStorage,
  };
}

/** The Responses API through Azure OpenAI's batch deployments: `/v1/responses`. */
export class AzureOpenAIResponsesBatch extends Batch<Responses, AzureOpenAIOptions> {
  static readonly parts: BatchParts<Responses, AzureOpenAIOptions> = {
    endpoint: responses,
    provider: azureOpenAI,
    storage: fileStorage,
  };
}
