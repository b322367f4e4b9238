/**
 * The parameters of one Messages request, as far as a chat completion can ask for them. npm
 * `@anthropic-ai/sdk` 1.12.0, `resources/messages/messages.d.ts`; `temperature` and `top_p` are of
 * 0.137.0, as newer models have no such setting.
 */
export interface MessageParams {
  readonly model: string;
  readonly max_tokens: number;
  readonly system?: string | readonly TextBlock[];
  readonly messages: readonly MessageParam[];
  readonly tools?: readonly ToolParam[];
  readonly tool_choice?: ToolChoiceParam;
  readonly stop_sequences?: readonly string[];
  readonly temperature?: number;
  readonly top_p?: number;
  readonly thinking?: ThinkingParam;
  readonly output_config?: OutputConfig;
  readonly metadata?: { readonly user_id: string };
  readonly cache_control?: CacheControl;
}

/** One turn. A text stands for one text block. */
export type MessageParam =
  | { readonly role: "user"; readonly content: string | readonly UserBlock[] }
  | { readonly role: "assistant"; readonly content: string | readonly AssistantBlock[] };

/** What a user's turn may hold. */
export type UserBlock = ToolResultBlock | MediaBlock;

/** What a user can show. */
export type MediaBlock = TextBlock | ImageBlock | DocumentBlock;

/** What an assistant's turn may hold. */
export type AssistantBlock = ThinkingBlock | RedactedThinkingBlock | TextBlock | ToolUseBlock;

/** A mark up to which the prompt is cached. */
export interface CacheControl {
  readonly type: "ephemeral";
  readonly ttl?: "5m" | "1h";
}

/** A text. */
export interface TextBlock {
  readonly type: "text";
  readonly text: string;
  readonly cache_control?: CacheControl;
}

/** An image, in the request or at an https URL. */
export interface ImageBlock {
  readonly type: "image";
  readonly source:
    | { readonly type: "base64"; readonly media_type: ImageType; readonly data: string }
    | { readonly type: "url"; readonly url: string };
  readonly cache_control?: CacheControl;
}

/** The image formats that Claude reads. */
export type ImageType = "image/jpeg" | "image/png" | "image/gif" | "image/webp";

/** A PDF. */
export interface DocumentBlock {
  readonly type: "document";
  readonly source: {
    readonly type: "base64";
    readonly media_type: "application/pdf";
    readonly data: string;
  };
  readonly title?: string;
  readonly cache_control?: CacheControl;
}

/** What a tool gave. */
export interface ToolResultBlock {
  readonly type: "tool_result";
  readonly tool_use_id: string;
  readonly content?: string | readonly (TextBlock | ImageBlock)[];
  readonly cache_control?: CacheControl;
}

/** A thought of an answer, signed by Claude. */
export interface ThinkingBlock {
  readonly type: "thinking";
  readonly thinking: string;
  readonly signature: string;
}

/** A thought that only Claude can read. */
export interface RedactedThinkingBlock {
  readonly type: "redacted_thinking";
  readonly data: string;
}

/** A tool that Claude wanted called. */
export interface ToolUseBlock {
  readonly type: "tool_use";
  readonly id: string;
  readonly name: string;
  readonly input: object;
  readonly cache_control?: CacheControl;
}

/** A tool that Claude may call. */
export interface ToolParam {
  readonly name: string;
  readonly description?: string;
  readonly input_schema: InputSchema;
  readonly strict?: boolean;
  readonly cache_control?: CacheControl;
}

/** The JSON Schema of a tool's input: the user's own, with whatever else it has. */
export interface InputSchema {
  readonly type: "object";
  readonly properties?: object | null;
}

/** Whether, and which tools Claude is to call. */
export type ToolChoiceParam =
  | { readonly type: "auto" | "any"; readonly disable_parallel_tool_use?: boolean }
  | {
      readonly type: "tool";
      readonly name: string;
      readonly disable_parallel_tool_use?: boolean;
    }
  | { readonly type: "none" };

/** Whether Claude thinks before it answers; the user's own has whatever else it has. */
export type ThinkingParam =
  | { readonly type: "disabled" | "adaptive" }
  | { readonly type: "enabled"; readonly budget_tokens: number };

/** How much Claude thinks. */
export type Effort = "low" | "medium" | "high" | "xhigh" | "max";

/** How hard Claude tries, and the schema of its answer. */
export interface OutputConfig {
  readonly effort?: Effort;
  readonly format?: OutputFormat;
}

/** The JSON Schema that an answer is written to. */
export interface OutputFormat {
  readonly type: "json_schema";
  readonly schema: Readonly<Record<string, unknown>>;
}
