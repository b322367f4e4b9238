import Anthropic from "@anthropic-ai/sdk";
import { LangBatchError } from "@langbatch/core";

/** The arguments of `anthropic()`, and so the `batchKwargs` of its classes. */
export interface AnthropicOptions {
  /** A ready client. Never stored. */
  readonly client?: Anthropic;
  /**
   * Default: `ANTHROPIC_API_KEY`, read at the first call; without one, the token in
   * `ANTHROPIC_AUTH_TOKEN`. Never stored.
   */
  readonly apiKey?: string;
  /** Default: `ANTHROPIC_BASE_URL`, else `https://api.anthropic.com`. */
  readonly baseURL?: string;
}

/**
 * The client these options name.
 *
 * @throws `missing_setting` where there is neither a key nor a token.
 */
export function clientOf({ client, apiKey, baseURL }: AnthropicOptions): Anthropic {
  if (client) return client;
  const { ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN } = process.env;
  const key = apiKey || ANTHROPIC_API_KEY;
  if (!key && !ANTHROPIC_AUTH_TOKEN) {
    throw new LangBatchError(
      "missing_setting",
      "The Anthropic API key is missing. Pass `batchKwargs: { apiKey }`, or set ANTHROPIC_API_KEY.",
      { provider: "anthropic" },
    );
  }
  // A token beside the key would be sent, too.
  const credentials = key ? { apiKey: key, authToken: null } : {};
  return new Anthropic({ ...credentials, ...(baseURL !== undefined && { baseURL }) });
}
