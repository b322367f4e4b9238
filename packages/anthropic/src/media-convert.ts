import { readDataUrl } from "./base64-data.js";
import { cacheControlOf } from "./cache-control.js";
import type { DocumentBlock, ImageBlock, ImageType } from "./message-params.js";
import { type Fields, textOf } from "./record.js";
import { assertKnownFields, isAbsent, recordAt, refusal, shown } from "./refusal.js";

const imageTypes: ReadonlyMap<string, ImageType> = new Map<string, ImageType>([
  ["image/jpeg", "image/jpeg"],
  ["image/jpg", "image/jpeg"], // no registered name, and often written
  ["image/png", "image/png"],
  ["image/gif", "image/gif"],
  ["image/webp", "image/webp"],
]);

const imagePartFields: ReadonlySet<string> = new Set(["type", "image_url", "cache_control"]);
const imageFields: ReadonlySet<string> = new Set(["url", "detail"]);

/**
 * An `image_url` part as an image block: a data URL goes along as base64, an https URL as a URL.
 * Claude always looks closely, so `detail` may be anything but `low`. Anthropic API reference,
 * Messages, image blocks.
 *
 * @throws `invalid_request` for other formats and schemes.
 */
export function toImageBlock(part: Fields, path: string): ImageBlock {
  assertKnownFields(part, path, imagePartFields);
  const image = recordAt(part.image_url, `${path}.image_url`, "unsupported_content");
  assertKnownFields(image, `${path}.image_url`, imageFields);
  assertDetail(image.detail, `${path}.image_url.detail`);
  const place = `${path}.image_url.url`;
  return {
    type: "image",
    source: toImageSource(urlAt(image.url, place), place),
    ...cacheControlOf(part, path),
  };
}

function assertDetail(detail: unknown, path: string): void {
  if (isAbsent(detail) || detail === "auto" || detail === "high") return;
  const why = `is ${shown(detail)}, and Claude always looks closely`;
  throw refusal("unsupported_value", `\`${path}\` ${why}: leave it out, or send a smaller image.`);
}

function toImageSource(url: string, path: string): ImageBlock["source"] {
  if (/^https:\/\//i.test(url)) return { type: "url", url };
  const read = readDataUrl(url, path);
  const mediaType = read && imageTypes.get(read.mediaType);
  if (mediaType) return { type: "base64", media_type: mediaType, data: read.data };
  throw refusal(
    "unsupported_content",
    `\`${path}\` is ${kindOf(url)}: send an https URL, or a base64 data URL of a JPEG, PNG, GIF or WebP.`,
  );
}

const filePartFields: ReadonlySet<string> = new Set(["type", "file", "cache_control"]);
const fileFields: ReadonlySet<string> = new Set(["file_data", "filename"]);
const fileRemedies: ReadonlyMap<string, string> = new Map([
  [
    "file_id",
    "it names a file at OpenAI; send `file_data`, or use the url /v1/messages and Anthropic's Files API",
  ],
]);

/**
 * A `file` part with a PDF as a document block, its `filename` as the title. Anthropic API reference,
 * Messages, document blocks.
 *
 * @throws `invalid_request` for other files and for ids of files.
 */
export function toDocumentBlock(part: Fields, path: string): DocumentBlock {
  assertKnownFields(part, path, filePartFields);
  const file = recordAt(part.file, `${path}.file`, "unsupported_content");
  assertKnownFields(file, `${path}.file`, fileFields, fileRemedies);
  const place = `${path}.file.file_data`;
  const url = urlAt(file.file_data, place);
  const read = readDataUrl(url, place);
  if (read?.mediaType !== "application/pdf") {
    const remedy = "send a PDF as data:application/pdf;base64,..., or its text as a text part";
    throw refusal("unsupported_content", `\`${place}\` is ${kindOf(url)}: ${remedy}.`);
  }
  const title = textOf(file.filename);
  return {
    type: "document",
    source: { type: "base64", media_type: "application/pdf", data: read.data },
    ...(title !== undefined && { title }),
    ...cacheControlOf(part, path),
  };
}

function urlAt(url: unknown, path: string): string {
  if (typeof url === "string") return url;
  throw refusal("unsupported_content", `\`${path}\` is ${shown(url)}: send a text.`);
}

/** What kind of URL it is, and no more: it may be huge, or hold a signature. */
function kindOf(url: string): string {
  const kind = /^(data:[^;,]{0,60}|[a-z][a-z0-9+.-]{0,30}:)/i.exec(url)?.[0];
  return kind === undefined ? "no URL" : `"${kind}..."`;
}
