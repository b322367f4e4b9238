import type { MessageRequest } from "./outcome.js";

type Value = Readonly<Record<string, unknown>>;

/** Messages of one role in a row, which the service takes for one. */
interface Turn {
  readonly role: unknown;
  /** The place of its first message. */
  readonly index: number;
  readonly blocks: Value[];
}

/**
 * What is wrong with the `params` of a request, in the words of an `invalid_request_error`;
 * `undefined` where nothing is. Only what a client is likely to get wrong is looked at: npm
 * `@anthropic-ai/sdk` 1.12.0, `MessageCreateParams`, and what Anthropic's batch documentation says
 * cannot be batched. The words are close to the service's, not the same.
 */
export function paramsProblem(params: MessageRequest["params"]): string | undefined {
  const { model, max_tokens: maxTokens } = params;
  if (model === undefined) return "model: Field required";
  if (typeof model !== "string") return "model: Input should be a valid string";
  if (model === "") return "model: String should have at least 1 character";
  if (maxTokens === undefined) return "max_tokens: Field required";
  if (!Number.isInteger(maxTokens)) return "max_tokens: Input should be a valid integer";
  // 0 only fills a cache, which a batch cannot.
  if (Number(maxTokens) < 1) return "max_tokens: Input should be greater than or equal to 1";
  const unbatched = ["stream", "speed", "store"].find((name) => params[name] !== undefined);
  if (unbatched !== undefined) return `${unbatched}: Not supported in a message batch`;
  if (hasEmptyText(params.system)) return "system: text content blocks must be non-empty";
  return messagesProblem(params.messages);
}

function messagesProblem(messages: unknown): string | undefined {
  if (messages === undefined) return "messages: Field required";
  if (!Array.isArray(messages)) return "messages: Input should be a valid list";
  if (messages.length === 0) return "messages: at least one message is required";
  for (const [index, message] of messages.entries()) {
    const problem = messageProblem(message, index, index === messages.length - 1);
    if (problem !== undefined) return problem;
  }
  if (messages[0].role !== "user") return 'messages: first message must use the "user" role';
  const turns = turnsOf(messages);
  for (const [place, turn] of turns.entries()) {
    const problem = resultsProblem(turn, turns[place - 1]) ?? usesProblem(turn, turns[place + 1]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function messageProblem(message: unknown, index: number, isLast: boolean): string | undefined {
  const { role, content } = Object(message) as Value;
  if (role !== "user" && role !== "assistant" && role !== "system") {
    return `messages.${index}.role: Input should be 'user' or 'assistant'`;
  }
  if (content === undefined) return `messages.${index}.content: Field required`;
  if (typeof content !== "string" && !isBlocks(content)) {
    return `messages.${index}.content: Input should be a valid list`;
  }
  if (content.length === 0 && !(isLast && role === "assistant")) {
    return `messages.${index}: all messages must have non-empty content except for the optional final assistant message`;
  }
  return hasEmptyText(content) ? "messages: text content blocks must be non-empty" : undefined;
}

function hasEmptyText(content: unknown): boolean {
  return isBlocks(content) && content.some((block) => block.type === "text" && block.text === "");
}

function isBlocks(content: unknown): content is readonly Value[] {
  return (
    Array.isArray(content) && content.every((block) => typeof block === "object" && block !== null)
  );
}

function turnsOf(messages: readonly Value[]): readonly Turn[] {
  const turns: Turn[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    if (role === "system") continue;
    const blocks = isBlocks(content) ? content : [{ type: "text" }];
    const last = turns.at(-1);
    if (last && last.role === role) last.blocks.push(...blocks);
    else turns.push({ role, index, blocks: [...blocks] });
  }
  return turns;
}

/** The results of a turn must come first, and each answer a use in the turn before. */
function resultsProblem(turn: Turn, before: Turn | undefined): string | undefined {
  const known = new Set(before && usesOf(before));
  const unknown = resultsOf(turn).find((id) => !known.has(id));
  if (unknown !== undefined) {
    return `messages.${turn.index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${unknown}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
  }
  const other = turn.blocks.findIndex(({ type }) => type !== "tool_result");
  const isLate = other !== -1 && turn.blocks.slice(other).some(isResult);
  return isLate
    ? `messages.${turn.index}: \`tool_result\` blocks must come before any other content`
    : undefined;
}

/** The uses of a turn must all be answered in the next, where there is one. */
function usesProblem(turn: Turn, next: Turn | undefined): string | undefined {
  if (!next) return undefined;
  const answered = new Set(resultsOf(next));
  const open = usesOf(turn).filter((id) => !answered.has(id));
  return open.length > 0
    ? `messages.${turn.index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(", ")}`
    : undefined;
}

function isResult({ type }: Value): boolean {
  return type === "tool_result";
}

function resultsOf({ blocks }: Turn): readonly unknown[] {
  return blocks.filter(isResult).map((block) => block.tool_use_id);
}

function usesOf({ blocks }: Turn): readonly unknown[] {
  return blocks.filter(({ type }) => type === "tool_use").map(({ id }) => id);
}
