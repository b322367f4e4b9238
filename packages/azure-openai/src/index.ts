export {
  type AzureChatCompletion,
  type AzureChatCompletionChoice,
  type AzureChatCompletions,
  azureChatCompletions,
  type ContentFilterResult,
  type ContentFilterResults,
} from "./azure-chat-completions.js";
export {
  AzureOpenAIChatCompletionBatch,
  AzureOpenAIEmbeddingBatch,
  AzureOpenAIResponsesBatch,
} from "./azure-openai-batches.js";
export type { AzureOpenAIOptions } from "./azure-openai-options.js";
export { azureOpenAI } from "./azure-openai-provider.js";
export type { BlobContainer, BlobContainers, BlockBlob } from "./blob-container.js";
