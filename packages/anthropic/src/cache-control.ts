import type { CacheControl } from "./message-params.js";
import type { Fields } from "./record.js";
import { isAbsent, recordAt, refusal } from "./refusal.js";

/**
 * The `cache_control` that a part, a message, a tool or a body has, as it is: chat completions know
 * none, Claude takes it where its own format has it.
 *
 * @returns fields to spread, none where there is no mark.
 * @throws `invalid_request` where it is no object.
 */
export function cacheControlOf(
  { cache_control: mark }: Fields,
  path: string,
): { readonly cache_control?: CacheControl } {
  if (isAbsent(mark)) return {};
  recordAt(mark, `${path}.cache_control`, "unsupported_value");
  return { cache_control: mark as CacheControl };
}

/**
 * A message's blocks with the message's own mark on the last one. A mark that the block has already is
 * nearer to the place and stays.
 *
 * @throws `invalid_request` where the last block is a thought, which takes none.
 */
export function withMarkOf<Block extends { readonly type: string }>(
  message: Fields,
  blocks: readonly Block[],
  path: string,
): readonly Block[] {
  const mark = cacheControlOf(message, path);
  const last = blocks.at(-1);
  if (mark.cache_control === undefined || last === undefined) return blocks;
  if (last.type === "thinking" || last.type === "redacted_thinking") {
    const place = `\`${path}.cache_control\``;
    throw refusal(
      "unsupported_value",
      `${place} would fall on a thought, which takes none: put it on another message.`,
    );
  }
  return [...blocks.slice(0, -1), { ...mark, ...last }];
}
