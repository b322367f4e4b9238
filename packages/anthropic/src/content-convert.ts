import { cacheControlOf } from "./cache-control.js";
import { toDocumentBlock, toImageBlock } from "./media-convert.js";
import type { ImageBlock, MediaBlock, TextBlock } from "./message-params.js";
import { type Fields, isRecord } from "./record.js";
import { assertKnownFields, isAbsent, refusal, shown } from "./refusal.js";

/** A content part, and where it stands in the request. */
interface PlacedPart {
  readonly part: Fields;
  readonly path: string;
}

/**
 * The content of a system or an assistant message as text blocks: a text, or parts of text and of
 * refusals. Empty texts are left out, as Claude refuses them.
 *
 * @param speaker What an error calls the message: `a system message`.
 * @throws `invalid_request` for any other part.
 */
export function toTextBlocks(content: unknown, path: string, speaker: string): TextBlock[] {
  return toParts(content, path).flatMap((placed) => toTextBlock(placed) ?? refuse(placed, speaker));
}

/** The content of a tool message as blocks: texts and images. As {@link toTextBlocks} otherwise. */
export function toResultBlocks(content: unknown, path: string): (TextBlock | ImageBlock)[] {
  return toParts(content, path).flatMap<TextBlock | ImageBlock>((placed) => {
    return toTextBlock(placed) ?? toImage(placed) ?? refuse(placed, "a tool message");
  });
}

/** The content of a user message as blocks: also images and PDFs. As {@link toTextBlocks} otherwise. */
export function toUserBlocks(content: unknown, path: string): MediaBlock[] {
  return toParts(content, path).flatMap<MediaBlock>((placed) => {
    const media = toTextBlock(placed) ?? toImage(placed) ?? toDocument(placed);
    return media ?? refuse(placed, "a user message");
  });
}

/** One plain text as the text itself, which means the same; other blocks as they are. */
export function compacted<Block extends { readonly type: string }>(
  blocks: readonly (Block | TextBlock)[],
): string | readonly (Block | TextBlock)[] {
  const [first] = blocks;
  const isPlain = blocks.length === 1 && first && isText(first) && !first.cache_control;
  return isPlain ? first.text : blocks;
}

function isText(block: { readonly type: string }): block is TextBlock {
  return block.type === "text";
}

function toParts(content: unknown, path: string): readonly PlacedPart[] {
  if (isAbsent(content)) return [];
  if (typeof content === "string") return [{ part: { type: "text", text: content }, path }];
  if (!Array.isArray(content)) {
    throw refusal(
      "invalid_message",
      `\`${path}\` is ${shown(content)}: send a text or a list of content parts.`,
    );
  }
  return content.map((part: unknown, index) => {
    const place = `${path}[${index}]`;
    if (isRecord(part)) return { part, path: place };
    throw refusal(
      "invalid_message",
      `\`${place}\` is ${shown(part)}: send a content part, an object with a type.`,
    );
  });
}

/** The fields of a text and of a refusal part. */
const textPartFields: Readonly<Record<"text" | "refusal", ReadonlySet<string>>> = {
  text: new Set(["type", "text", "cache_control"]),
  refusal: new Set(["type", "refusal", "cache_control"]),
};

const cacheRemedies: ReadonlyMap<string, string> = new Map([
  ["prompt_cache_breakpoint", "mark the part with Claude's `cache_control` instead"],
]);

/** The blocks of a text or refusal part; `undefined` of any other part. */
function toTextBlock({ part, path }: PlacedPart): readonly TextBlock[] | undefined {
  const field = part.type === "text" || part.type === "refusal" ? part.type : undefined;
  if (!field) return undefined;
  assertKnownFields(part, path, textPartFields[field], cacheRemedies);
  const text = part[field];
  if (typeof text !== "string") {
    throw refusal("invalid_message", `\`${path}.${field}\` is ${shown(text)}: send a text.`);
  }
  const mark = cacheControlOf(part, path);
  return text === "" ? [] : [{ type: "text", text, ...mark }];
}

function toImage({ part, path }: PlacedPart): readonly ImageBlock[] | undefined {
  return part.type === "image_url" ? [toImageBlock(part, path)] : undefined;
}

function toDocument({ part, path }: PlacedPart): readonly MediaBlock[] | undefined {
  return part.type === "file" ? [toDocumentBlock(part, path)] : undefined;
}

const remedies: ReadonlyMap<unknown, string> = new Map([
  ["input_audio", "Claude hears no audio; send what is said as text"],
  ["video_url", "Claude sees no videos; send images of it"],
  ["image_url", "put the image into a user message"],
  ["file", "put the file into a user message"],
]);

function refuse({ part, path }: PlacedPart, speaker: string): never {
  const remedy = remedies.get(part.type) ?? `send it as text`;
  throw refusal(
    "unsupported_content",
    `\`${path}.type\` is ${shown(part.type)}, which ${speaker} cannot hold at Claude: ${remedy}.`,
  );
}
