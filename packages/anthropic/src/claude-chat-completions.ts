import {
  type ChatCompletionBody,
  type ChatCompletions,
  chatCompletions,
  type Endpoint,
} from "@langbatch/core";
import type { ClaudeChoice, ClaudeCompletion } from "./claude-completion.js";

/** A chat completion's body, with what Claude takes beside OpenAI's fields. */
export interface ClaudeChatCompletionBody extends ChatCompletionBody {
  /** Whether and how long Claude thinks, in its own words; `reasoning_effort` says it in OpenAI's. */
  readonly thinking?: object | null;
  /** Up to where the prompt is cached; also on content parts, messages and tools. */
  readonly cache_control?: object | null;
  /** As `user`: goes to Claude as the id of the user. */
  readonly safety_identifier?: string | null;
}

/** The types of chat completions at Claude. */
export interface ClaudeChatCompletions extends ChatCompletions {
  readonly body: ClaudeChatCompletionBody;
  readonly response: ClaudeCompletion;
  readonly shows: { readonly choices: readonly ClaudeChoice[] };
}

/** Chat completions: `/v1/chat/completions`, in OpenAI's format both ways, answered by Claude. */
export const claudeChatCompletions: Endpoint<ClaudeChatCompletions> = {
  ...chatCompletions,
  show: ({ choices }) => ({ choices }),
};
