import type { Secrets } from "@langbatch/core/http";
import type OpenAI from "openai";
import type { ServiceProfile } from "./service-profile.js";

/** A service that is asked: through what, and how errors speak of it. */
export interface AskedService {
  /** The provider's id, which errors carry: `openai`. */
  readonly providerId: string;
  readonly client: OpenAI;
  readonly profile: ServiceProfile;
}

/** The keys of a client, which nothing may show. */
export function secretsOf({ apiKey, adminAPIKey }: OpenAI): Secrets {
  return [apiKey, adminAPIKey];
}

/** Where to look when a key is refused. */
export function keyHint({ profile: { keyVariable } }: AskedService): string {
  return keyVariable === undefined ? "`apiKey`" : `\`apiKey\` or ${keyVariable}`;
}
