import {
  type BodyProblem,
  type Endpoint,
  type EndpointTypes,
  isEmpty,
  isRecord,
  missing,
  type Open,
} from "./endpoint.js";

/**
 * Who speaks. Any text for the compiler, so that a list made elsewhere needs no `as const`; another
 * role than these is an `invalid_request` all the same.
 */
export type ChatRole =
  | "developer"
  | "system"
  | "user"
  | "assistant"
  | "tool"
  | "function"
  | (string & Record<never, never>);

/** One message of a chat. OpenAI API reference, chat completions, `messages`. */
export interface ChatMessage {
  readonly role: ChatRole;
  readonly content?: string | readonly object[] | null;
  readonly name?: string;
  readonly refusal?: string | null;
  readonly audio?: object | null;
  readonly tool_calls?: readonly object[];
  readonly tool_call_id?: string;
  readonly function_call?: object | null;
}

/** The body of a chat completion request: the fields most used; any other passes too. */
export interface ChatCompletionBody {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly max_completion_tokens?: number | null;
  readonly max_tokens?: number | null;
  readonly temperature?: number | null;
  readonly top_p?: number | null;
  readonly n?: number | null;
  readonly seed?: number | null;
  readonly stop?: string | readonly string[] | null;
  readonly tools?: readonly object[];
  readonly tool_choice?: string | object;
  readonly parallel_tool_calls?: boolean;
  readonly response_format?: object;
  readonly reasoning_effort?: string | null;
  readonly logprobs?: boolean | null;
  readonly user?: string;
  readonly metadata?: object | null;
}

/** One answer of a chat completion. */
export interface ChatCompletionChoice {
  readonly index: number;
  readonly finish_reason: string;
  readonly message: {
    readonly role: string;
    readonly content: string | null;
    readonly refusal?: string | null;
    readonly tool_calls?: readonly ChatToolCall[];
  };
  readonly logprobs?: object | null;
}

/** A function that the model wants called. */
export interface ChatToolCall {
  readonly id: string;
  readonly type: string;
  readonly function?: { readonly name: string; readonly arguments: string };
}

/** Tokens used by a chat completion, a completion or an embedding. */
export interface TokenUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens?: number;
  readonly total_tokens: number;
}

/** The answer to a chat completion request. */
export interface ChatCompletion {
  readonly id: string;
  readonly object: string;
  readonly created: number;
  readonly model: string;
  readonly choices: readonly ChatCompletionChoice[];
  readonly usage?: TokenUsage;
}

/** What `create` takes for a chat completion: a question, a list of messages, or a body of its own. */
export type ChatCompletionItem =
  | string
  | readonly ChatMessage[]
  | Open<
      Partial<ChatCompletionBody> & {
        readonly custom_id?: string;
        readonly messages: readonly ChatMessage[];
      }
    >;

/** The types of {@link chatCompletions}. */
export interface ChatCompletions extends EndpointTypes {
  readonly body: ChatCompletionBody;
  readonly response: ChatCompletion;
  readonly item: ChatCompletionItem;
  readonly shows: { readonly choices: readonly ChatCompletionChoice[] };
}

const roles: ReadonlySet<unknown> = new Set<ChatRole>([
  "developer",
  "system",
  "user",
  "assistant",
  "tool",
  "function",
]);

/** Chat completions: `/v1/chat/completions`. A text is one user message. */
export const chatCompletions: Endpoint<ChatCompletions> = {
  url: "/v1/chat/completions",
  toBody(item) {
    if (typeof item === "string") return { messages: [{ role: "user", content: item }] };
    if (Array.isArray(item)) return { messages: item };
    return isRecord(item) && "messages" in item ? item : undefined;
  },
  findProblem({ messages }) {
    if (isEmpty(messages)) return missing("messages");
    if (!Array.isArray(messages)) {
      return { code: "invalid_messages", message: "`body.messages` is not a list." };
    }
    return findMessageProblem(messages);
  },
  isResponse: (body) => "choices" in body && Array.isArray(body.choices),
  shown: ["choices"],
  show: ({ choices }) => ({ choices }),
};

function findMessageProblem(messages: readonly unknown[]): BodyProblem | undefined {
  // By index and without a word before it is needed: this runs for every message of every line.
  for (let index = 0; index < messages.length; index += 1) {
    const message = messages[index];
    if (isRecord(message) && roles.has(message.role)) continue;
    return { code: "invalid_message", message: describeProblem(message, index) };
  }
  return undefined;
}

function describeProblem(message: unknown, index: number): string {
  const place = `\`body.messages[${index}]\``;
  if (!isRecord(message)) return `${place} is not an object.`;
  const role = JSON.stringify(message.role)?.slice(0, 100) ?? "no role";
  return `${place} has ${role} where a role belongs: use system, developer, user, assistant or tool.`;
}
