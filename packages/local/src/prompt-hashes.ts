import { crc32 } from "node:zlib";
import { topLevelValue } from "@langbatch/core";

/** How many bytes of a prompt each of its hashes covers, shortest first. */
export const hashedBytes: readonly number[] = [256, 1024, 4096, 16_384];

/** The fields whose text begins what a server reads, by the end of the endpoint's path. */
const promptFields: Readonly<Record<string, readonly string[]>> = {
  "/chat/completions": ["messages"],
  "/completions": ["prompt"],
  "/responses": ["instructions", "input"],
};

/**
 * How to hash the beginning of the prompt in a body of this endpoint; `undefined` where prompts have no
 * beginning that a server could keep: embeddings and moderations.
 */
export function promptHasher(
  url: string,
): ((body: Buffer, hashes: Uint32Array, at: number) => void) | undefined {
  // The path of completions is the end of that of chat completions.
  const path = Object.keys(promptFields).find((end) => url.endsWith(end));
  const fields = promptFields[path ?? ""];
  return fields && ((body, hashes, at) => hashPrompt(body, fields, hashes, at));
}

/**
 * Writes one hash for each of `hashedBytes` from `at` on. Two prompts have the same hash where they begin
 * alike and are read by the same model with the same tools, which stand before the prompt.
 */
function hashPrompt(
  body: Buffer,
  fields: readonly string[],
  hashes: Uint32Array,
  at: number,
): void {
  let hash = crc32(rawValue(body, "tools"), crc32(rawValue(body, "model")));
  const prompt = fields.map((field) => rawValue(body, field));
  let from = 0;
  for (const [level, to] of hashedBytes.entries()) {
    let partStart = 0;
    for (const part of prompt) {
      const start = Math.max(0, from - partStart);
      const end = Math.min(part.length, to - partStart);
      if (end > start) hash = crc32(part.subarray(start, end), hash);
      partStart += part.length;
    }
    hashes[at + level] = hash;
    from = to;
  }
}

const nothing: Buffer = Buffer.alloc(0);

function rawValue(body: Buffer, field: string): Buffer {
  const range = topLevelValue(body, field);
  return range ? body.subarray(range.start, range.end) : nothing;
}
