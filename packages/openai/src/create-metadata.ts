import { type JsonObject, LangBatchError } from "@langbatch/core";
import { knownServices } from "./known-services.js";
import { tagKey } from "./openai-convert.js";
import type { ServiceProfile } from "./service-profile.js";

/** OpenAI takes 16 pairs (npm `openai` 7.57.0, `resources/batches.d.ts`), and the tag is one. */
const mostMetadata = 15;

/**
 * The metadata a create is sent with: the user's, and our tag; nothing where the service keeps none.
 *
 * @throws `rejected` where the user's are too many.
 */
export function metadataOf(
  metadata: Readonly<Record<string, string>> | undefined,
  tag: string,
  { keepsMetadata = true }: ServiceProfile,
  providerId: string,
): JsonObject {
  const pairs = Object.keys(metadata ?? {}).length;
  if (pairs > mostMetadata) {
    throw new LangBatchError(
      "rejected",
      `\`metadata\` has ${pairs} pairs; use at most ${mostMetadata}.`,
      { provider: providerId },
    );
  }
  return keepsMetadata ? { metadata: { ...metadata, [tagKey]: tag } } : {};
}

/** The error of a create, with what to do where the service minds that it has metadata. */
export function withMetadataRemedy(
  error: unknown,
  { keepsMetadata, name }: ServiceProfile,
  providerId: string,
): unknown {
  const isAboutMetadata =
    LangBatchError.is(error, "rejected") &&
    keepsMetadata === undefined &&
    /metadata/i.test(error.message);
  if (!isAboutMetadata) return error;
  return new LangBatchError(
    "rejected",
    `${error.message} ${name} may keep no metadata: say so with \`service: { ...knownServices.${keyOf(name)}.profile, keepsMetadata: false }\`, and jobs are told by their inputs.`,
    {
      provider: providerId,
      cause: error,
      ...(error.status !== undefined && { status: error.status }),
    },
  );
}

/** What a service is called in the table. */
function keyOf(name: string): string {
  const known = Object.entries(knownServices).find(([, { profile }]) => profile.name === name);
  return known?.[0] ?? "unknown";
}
