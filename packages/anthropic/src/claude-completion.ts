import type {
  ChatCompletion,
  ChatCompletionChoice,
  ChatToolCall,
  TokenUsage,
} from "@langbatch/core";
import type { RedactedThinkingBlock, ThinkingBlock } from "./message-params.js";

/** Claude's answer as a chat completion, with what OpenAI's format has no place for. */
export interface ClaudeCompletion extends ChatCompletion {
  readonly choices: readonly ClaudeChoice[];
  readonly usage?: ClaudeUsage;
  /** The tier that Claude says it used: `batch`. */
  readonly service_tier?: string;
}

/** The one answer. */
export interface ClaudeChoice extends ChatCompletionChoice {
  readonly message: ClaudeMessage;
  /** Claude's own word for why it stopped, such as `pause_turn`. */
  readonly stop_reason: string | null;
  /** The stop sequence that it came to, where there was one. */
  readonly stop_sequence?: string;
}

/**
 * What Claude said. A next request takes it back as an assistant message as it is, unless it has
 * `content_blocks`.
 */
export interface ClaudeMessage {
  readonly role: "assistant";
  /** All texts joined; `null` where there is none. */
  readonly content: string | null;
  /** Why Claude refused, where it did. */
  readonly refusal: string | null;
  readonly tool_calls?: readonly ChatToolCall[];
  /** What Claude thought, as far as it is readable: the thoughts, with an empty line between them. */
  readonly reasoning_content?: string;
  /** The thoughts as Claude wrote them, with the signatures that it needs to take them back. */
  readonly thinking_blocks?: readonly (ThinkingBlock | RedactedThinkingBlock)[];
  /** All of Claude's blocks, where there is one that the fields above do not say in full. */
  readonly content_blocks?: readonly unknown[];
}

/** Tokens used, cached ones included in `prompt_tokens`, thoughts in `completion_tokens`. */
export interface ClaudeUsage extends TokenUsage {
  readonly completion_tokens: number;
  readonly prompt_tokens_details: {
    readonly cached_tokens: number;
    readonly cache_write_tokens: number;
  };
  readonly completion_tokens_details?: { readonly reasoning_tokens: number };
}
