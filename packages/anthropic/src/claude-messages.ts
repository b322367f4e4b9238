import type {
  Message,
  MessageCreateParamsNonStreaming,
} from "@anthropic-ai/sdk/resources/messages";
import {
  type BodyProblem,
  chatCompletions,
  type Endpoint,
  type EndpointTypes,
  type Open,
} from "@langbatch/core";

/** What `create` takes for a message: a question, a list of messages, or parameters of its own. */
export type ClaudeMessagesItem =
  | string
  | MessageCreateParamsNonStreaming["messages"]
  | Open<
      Partial<MessageCreateParamsNonStreaming> &
        Pick<MessageCreateParamsNonStreaming, "messages"> & { readonly custom_id?: string }
    >;

/** The types of Claude's own endpoint, as the SDK that is installed has them. */
export interface ClaudeMessages extends EndpointTypes {
  readonly body: MessageCreateParamsNonStreaming;
  readonly response: Message;
  readonly item: ClaudeMessagesItem;
  readonly shows: Pick<Message, "content" | "stop_reason">;
}

/**
 * Claude's own endpoint: `/v1/messages`. Requests go as they are, and an answer's body is Claude's
 * message. A text is one user message.
 */
export const claudeMessages: Endpoint<ClaudeMessages> = {
  url: "/v1/messages",
  toBody: chatCompletions.toBody,
  findProblem(body) {
    const { messages, max_tokens: limit } = body;
    if (!Array.isArray(messages) || messages.length === 0) {
      return { code: "missing_messages", message: "`body.messages` is missing or empty." };
    }
    if (!Number.isSafeInteger(limit) || Number(limit) < 1) {
      return {
        code: "missing_max_tokens",
        message: "`body.max_tokens` is no whole number from 1 on; Claude needs one in a batch.",
      };
    }
    return findUnbatched(body);
  },
  isResponse: (body) => "content" in body && Array.isArray(body.content),
  shown: ["content", "stop_reason"],
  show: ({ content, stop_reason }) => ({ content, stop_reason }),
};

/** What a request in a batch must not have (Claude documentation, batch processing). */
const unbatched = ["stream", "speed", "store"] as const;

function findUnbatched(body: Readonly<Record<string, unknown>>): BodyProblem | undefined {
  const found = unbatched.find((name) => body[name] !== undefined);
  if (found === undefined) return undefined;
  const message = `\`body.${found}\` is not taken in a batch: leave it out.`;
  return { code: "unsupported_field", message };
}
