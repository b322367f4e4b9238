import { LangBatchError } from "../errors.js";
import type { Line } from "../jsonl/read-lines.js";
import type { RequestLine } from "../provider/wire.js";
import type { TokenEstimate } from "./limits.js";

/** Four bytes a token: the usual rule of thumb for English text. */
const bytesPerToken = 4;

/**
 * How many tokens a line costs, as far as anybody can say before it ran. Default: a token for every
 * four bytes of the line, rounded up.
 *
 * @param place what the user calls the line: `Line 3`.
 * @throws `invalid_option` where the user's own estimate fails, or gives no number from 0 up.
 */
export function countTokens(
  line: Line,
  request: RequestLine,
  place: string,
  estimateTokens: TokenEstimate | undefined,
): number {
  if (!estimateTokens) return Math.ceil(line.length / bytesPerToken);
  let tokens: unknown;
  try {
    tokens = estimateTokens(request);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.slice(0, 200) : show(cause);
    throw unusable(line, request, `${place}: \`estimateTokens\` failed: ${reason}`, cause);
  }
  // Its failure would be nobody's, and end the process.
  if (tokens instanceof Promise) tokens.catch(() => {});
  if (typeof tokens === "number" && Number.isFinite(tokens) && tokens >= 0) return tokens;
  throw unusable(
    line,
    request,
    `${place}: \`estimateTokens\` gave ${show(tokens)}; it must give a number from 0 up.`,
  );
}

function unusable(
  { number }: Line,
  { custom_id: customId }: RequestLine,
  message: string,
  cause?: unknown,
): LangBatchError {
  return new LangBatchError("invalid_option", message, { line: number, customId, cause });
}

function show(value: unknown): string {
  if (value instanceof Promise) return "a promise";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 100));
  return typeof value === "number" ? String(value) : `a value of the type ${typeof value}`;
}
