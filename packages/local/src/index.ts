export {
  LocalChatCompletionBatch,
  LocalEmbeddingBatch,
  LocalResponsesBatch,
} from "./local-batches.js";
export type { Handler, LocalOptions, LocalPorts, OpenAIClient } from "./local-options.js";
export { local } from "./local-provider.js";
