import {
  Batch,
  type BatchParts,
  type ChatCompletions,
  chatCompletions,
  type Embeddings,
  embeddings,
  type Responses,
  responses,
} from "@langbatch/core";
import { fileStorage } from "@langbatch/storage-file";
import type { LocalOptions } from "./local-options.js";
import { local } from "./local-provider.js";

/** Chat completions that this process asks for itself: `/v1/chat/completions`. */
export class LocalChatCompletionBatch extends Batch<
  ChatCompletions,
  LocalOptions<ChatCompletions>
> {
  static readonly parts: BatchParts<ChatCompletions, LocalOptions<ChatCompletions>> = {
    endpoint: chatCompletions,
    provider: local,
    storage: fileStorage,
  };
}

/** Embeddings that this process asks for itself: `/v1/embeddings`. */
export class LocalEmbeddingBatch extends Batch<Embeddings, LocalOptions<Embeddings>> {
  static readonly parts: BatchParts<Embeddings, LocalOptions<Embeddings>> = {
    endpoint: embeddings,
    provider: local,
    storage: fileStorage,
  };
}

/** Responses that this process asks for itself: `/v1/responses`. */
export class LocalResponsesBatch extends Batch<Responses, LocalOptions<Responses>> {
  static readonly parts: BatchParts<Responses, LocalOptions<Responses>> = {
    endpoint: responses,
    provider: local,
    storage: fileStorage,
  };
}
