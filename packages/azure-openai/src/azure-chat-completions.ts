import {
  type ChatCompletion,
  type ChatCompletionChoice,
  type ChatCompletions,
  chatCompletions,
  type Endpoint,
} from "@langbatch/core";

/** What Azure's filter found of one kind: `hate`, `violence`, `jailbreak` (npm `@azure/openai` 2.0.0, types). */
export interface ContentFilterResult {
  readonly filtered: boolean;
  readonly detected?: boolean;
  readonly severity?: string;
}

/** By the kind of content; `error` where the filter itself failed. */
export type ContentFilterResults = Readonly<Record<string, ContentFilterResult | undefined>>;

/** A choice, with what the filter found in it. */
export interface AzureChatCompletionChoice extends ChatCompletionChoice {
  readonly content_filter_results?: ContentFilterResults;
}

/** An answer, with what the filter found in the prompt. */
export interface AzureChatCompletion extends ChatCompletion {
  readonly choices: readonly AzureChatCompletionChoice[];
  readonly prompt_filter_results?: readonly {
    readonly prompt_index: number;
    readonly content_filter_results?: ContentFilterResults;
  }[];
}

/** The types of chat completions at Azure. */
export interface AzureChatCompletions extends ChatCompletions {
  readonly response: AzureChatCompletion;
  readonly shows: { readonly choices: readonly AzureChatCompletionChoice[] };
}

/** Chat completions: `/v1/chat/completions`, whose answers say what Azure's filter found. */
export const azureChatCompletions: Endpoint<AzureChatCompletions> = chatCompletions;
