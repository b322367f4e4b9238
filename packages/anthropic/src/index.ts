export { AnthropicChatCompletionBatch, AnthropicMessageBatch } from "./anthropic-batches.js";
export type { AnthropicOptions } from "./anthropic-options.js";
export { anthropic } from "./anthropic-provider.js";
export {
  type ClaudeChatCompletionBody,
  type ClaudeChatCompletions,
  claudeChatCompletions,
} from "./claude-chat-completions.js";
export type {
  ClaudeChoice,
  ClaudeCompletion,
  ClaudeMessage,
  ClaudeUsage,
} from "./claude-completion.js";
export { type ClaudeMessages, type ClaudeMessagesItem, claudeMessages } from "./claude-messages.js";
export { defaultMaxTokens } from "./max-tokens.js";
export type { RedactedThinkingBlock, ThinkingBlock } from "./message-params.js";
