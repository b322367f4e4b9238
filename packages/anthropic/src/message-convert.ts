import { toAssistantBlocks } from "./assistant-convert.js";
import { cacheControlOf, withMarkOf } from "./cache-control.js";
import { compacted, toResultBlocks, toTextBlocks, toUserBlocks } from "./content-convert.js";
import type {
  AssistantBlock,
  MediaBlock,
  MessageParam,
  MessageParams,
  TextBlock,
  ToolResultBlock,
} from "./message-params.js";
import type { Fields } from "./record.js";
import { assertKnownFields, recordAt, refusal, shown } from "./refusal.js";

/** Where each tool call of an assistant message stands in it, by the call's id. */
type Calls = ReadonlyMap<string, number>;

type Turn =
  | { readonly role: "assistant"; readonly blocks: readonly AssistantBlock[] }
  | {
      readonly role: "user";
      readonly calls: Calls;
      readonly results: readonly ToolResultBlock[];
      readonly rest: readonly MediaBlock[];
    };

/**
 * The messages of a chat as Claude's `system` and turns. Every system and developer message becomes
 * part of `system`, wherever it stands. The results of one assistant message's tool calls form one
 * user turn, in the order of the calls, and the user message that follows them joins it. Anthropic API
 * reference, Messages: results come first in the turn right after their calls.
 *
 * @throws `invalid_request` naming what cannot be said that way.
 */
export function toConversation(messages: unknown): Pick<MessageParams, "system" | "messages"> {
  if (!Array.isArray(messages)) {
    throw refusal("invalid_message", `\`body.messages\` is ${shown(messages)}: send a list.`);
  }
  const system: TextBlock[] = [];
  const turns: Turn[] = [];
  messages.forEach((value: unknown, index) => {
    const path = `body.messages[${index}]`;
    const message = recordAt(value, path, "invalid_message");
    if (message.role === "system" || message.role === "developer") {
      system.push(...toSystemBlocks(message, path));
    } else if (message.role === "tool") {
      addResult(turns, message, path);
    } else if (message.role === "user") {
      addUser(turns, toOwnBlocks(message, path));
    } else if (message.role === "assistant") {
      turns.push({
        role: "assistant",
        blocks: filled(toAssistantBlocks(message, path), path),
      });
    } else refuseRole(message.role, path);
  });
  if (turns.length === 0) {
    const why = "has no message of a user or an assistant";
    throw refusal(
      "invalid_message",
      `\`body.messages\` ${why}: Claude answers a user, so add one.`,
    );
  }
  return {
    ...(system.length > 0 && { system: compacted(system) }),
    messages: turns.map(toMessage),
  };
}

function refuseRole(role: unknown, path: string): never {
  const remedy =
    role === "function"
      ? "send `tool_calls` and messages with the role tool"
      : "use system, developer, user, assistant or tool";
  throw refusal("invalid_message", `\`${path}.role\` is ${shown(role)}: ${remedy}.`);
}

const plainFields: ReadonlySet<string> = new Set(["role", "content", "cache_control"]);
const toolFields: ReadonlySet<string> = new Set([...plainFields, "tool_call_id"]);
const remedies: ReadonlyMap<string, string> = new Map([
  ["name", "Claude knows no names of speakers; write it into the content"],
  ["audio", "Claude hears no audio; send what is said as text"],
  ["function_call", "send `tool_calls` of an assistant message"],
]);

function toSystemBlocks(message: Fields, path: string): readonly TextBlock[] {
  assertKnownFields(message, path, plainFields, remedies);
  const speaker = `a ${message.role} message`;
  const blocks = toTextBlocks(message.content, `${path}.content`, speaker);
  return withMarkOf(message, filled(blocks, path), path);
}

function toOwnBlocks(message: Fields, path: string): readonly MediaBlock[] {
  assertKnownFields(message, path, plainFields, remedies);
  return withMarkOf(message, filled(toUserBlocks(message.content, `${path}.content`), path), path);
}

function filled<Block>(blocks: readonly Block[], path: string): readonly Block[] {
  if (blocks.length > 0) return blocks;
  const why = "has no content, and Claude refuses empty messages";
  throw refusal("invalid_message", `\`${path}\` ${why}: leave the message out.`);
}

function addUser(turns: Turn[], rest: readonly MediaBlock[]): void {
  const last = turns.at(-1);
  if (isOpen(last)) turns[turns.length - 1] = { ...last, rest };
  else turns.push({ role: "user", calls: new Map(), results: [], rest });
}

function addResult(turns: Turn[], message: Fields, path: string): void {
  assertKnownFields(message, path, toolFields, remedies);
  const last = turns.at(-1);
  const open = isOpen(last) ? last : startResults(turns, last);
  const id = message.tool_call_id;
  if (!open || typeof id !== "string" || !open.calls.has(id)) {
    const why = `is ${shown(id)}, which is no tool call of the assistant message before`;
    const remedy = "put each result right after the message that called the tool";
    throw refusal("invalid_message", `\`${path}.tool_call_id\` ${why}: ${remedy}.`);
  }
  const result = toResult(id, message, path);
  turns[turns.length - 1] = { ...open, results: [...open.results, result] };
}

type UserTurn = Extract<Turn, { role: "user" }>;

/** Whether more results, or a user message, may join this turn. */
function isOpen(turn: Turn | undefined): turn is UserTurn {
  return turn?.role === "user" && turn.results.length > 0 && turn.rest.length === 0;
}

function startResults(turns: Turn[], last: Turn | undefined): UserTurn | undefined {
  if (last?.role !== "assistant") return undefined;
  const ids = last.blocks.flatMap((block) => (block.type === "tool_use" ? [block.id] : []));
  const calls = new Map(ids.map((id, index) => [id, index]));
  const turn: UserTurn = { role: "user", calls, results: [], rest: [] };
  turns.push(turn);
  return turn;
}

function toResult(id: string, message: Fields, path: string): ToolResultBlock {
  const content = compacted(toResultBlocks(message.content, `${path}.content`));
  return {
    type: "tool_result",
    tool_use_id: id,
    ...(content.length > 0 && { content }),
    ...cacheControlOf(message, path),
  };
}

function toMessage(turn: Turn): MessageParam {
  if (turn.role === "assistant") return { role: "assistant", content: compacted(turn.blocks) };
  const place = ({ tool_use_id: id }: ToolResultBlock) => turn.calls.get(id) ?? 0;
  const results = turn.results.toSorted((one, other) => place(one) - place(other));
  return { role: "user", content: compacted([...results, ...turn.rest]) };
}
