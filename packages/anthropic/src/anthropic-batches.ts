import { Batch, type BatchParts } from "@langbatch/core";
import { fileStorage } from "@langbatch/storage-file";
import type { AnthropicOptions } from "./anthropic-options.js";
import { anthropic } from "./anthropic-provider.js";
import { type ClaudeChatCompletions, claudeChatCompletions } from "./claude-chat-completions.js";
import { type ClaudeMessages, claudeMessages } from "./claude-messages.js";

/**
 * Chat completions through Claude's Message Batches: `/v1/chat/completions`. Requests and results are
 * in OpenAI's format, and converted on their way.
 */
export class AnthropicChatCompletionBatch extends Batch<ClaudeChatCompletions, AnthropicOptions> {
  static readonly parts: BatchParts<ClaudeChatCompletions, AnthropicOptions> = {
    endpoint: claudeChatCompletions,
    provider: anthropic,
    storage: fileStorage,
  };
}

/**
 * Claude's own requests through its Message Batches: `/v1/messages`, for what OpenAI's format cannot
 * say. They go as they are, and an answer's body is Claude's message.
 */
export class AnthropicMessageBatch extends Batch<ClaudeMessages, AnthropicOptions> {
  static readonly parts: BatchParts<ClaudeMessages, AnthropicOptions> = {
    endpoint: claudeMessages,
    provider: anthropic,
    storage: fileStorage,
  };
}
