import { Refusal } from "./google-error.js";

/** What a client says of an object: Cloud Storage JSON API, "Objects", "Resource representations". */
export interface ObjectMetadata {
  readonly name?: string;
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentEncoding?: string;
  readonly contentDisposition?: string;
  readonly contentLanguage?: string;
  /** The custom metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** What the bytes must be. */
  readonly crc32c?: string;
  readonly md5Hash?: string;
}

/** The fields above that are kept with an object as they came. */
export const keptTexts = [
  "cacheControl",
  "contentEncoding",
  "contentDisposition",
  "contentLanguage",
] as const;

const texts = ["name", "contentType", ...keptTexts, "crc32c", "md5Hash"] as const;

/**
 * Reads the JSON that comes with an upload or a patch; nothing at all is an empty one.
 *
 * @throws Refusal where it is none, or a field has another type.
 */
export function readMetadata(json: Uint8Array): ObjectMetadata {
  if (json.length === 0) return {};
  const value = parse(json);
  const read: Record<string, unknown> = {};
  for (const name of texts) {
    const text = value[name];
    if (text === undefined || text === null) continue;
    if (typeof text !== "string") throw new Refusal(400, `Invalid value for: ${name}.`);
    read[name] = text;
  }
  const { metadata } = value;
  if (metadata !== undefined && metadata !== null) {
    if (typeof metadata !== "object") throw new Refusal(400, "Invalid value for: metadata.");
    read.metadata = Object.fromEntries(
      Object.entries(metadata).map(([name, text]) => [name, String(text)]),
    );
  }
  return read;
}

function parse(json: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(json).toString("utf8"));
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below, in Google's words.
  }
  throw new Refusal(400, "Parse Error", { reason: "parseError" });
}
