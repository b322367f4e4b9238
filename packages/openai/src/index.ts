export { type KnownService, knownServices, type ServiceName } from "./known-services.js";
export {
  OpenAIChatCompletionBatch,
  OpenAICompletionBatch,
  OpenAIEmbeddingBatch,
  OpenAIModerationBatch,
  OpenAIResponsesBatch,
} from "./openai-batches.js";
export type { OpenAIOptions } from "./openai-options.js";
export { openai } from "./openai-provider.js";
export type { ServiceProfile } from "./service-profile.js";
