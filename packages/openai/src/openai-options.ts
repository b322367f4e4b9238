import { LangBatchError } from "@langbatch/core";
import OpenAI from "openai";
import type { ServiceName } from "./known-services.js";
import type { ServiceProfile } from "./service-profile.js";

/** The arguments of `openai()`, and so the `batchKwargs` of its classes. */
export interface OpenAIOptions {
  /** A ready client, of OpenAI or any service that speaks its batch API. Never stored. */
  readonly client?: OpenAI;
  /** Default: `OPENAI_API_KEY`, read at the first call. Never stored. */
  readonly apiKey?: string;
  /** Default: `OPENAI_BASE_URL`, else `https://api.openai.com/v1`. */
  readonly baseURL?: string;
  /** How long the service may take. Stored with the batch. Default: `24h`, all that OpenAI takes. */
  readonly completionWindow?: string;
  /**
   * Shown with the job at the service; stored with the batch, so no secrets. At most 15 pairs, since
   * one more says whose job it is. Default: none.
   */
  readonly metadata?: Readonly<Record<string, string>>;
  /**
   * What the service takes, where its address does not tell: its name, or a profile of your own. Stored
   * with the batch where it is given. Default: known by the address, else `unknown`, which is cautious.
   */
  readonly service?: ServiceName | ServiceProfile;
}

/**
 * The client these options name.
 *
 * @throws `missing_setting` where there is no key.
 */
export function clientOf(options: OpenAIOptions): OpenAI {
  return options.client ?? new OpenAI({ apiKey: apiKey(options), baseURL: options.baseURL });
}

function apiKey({ apiKey }: OpenAIOptions): string {
  const key = apiKey ?? process.env.OPENAI_API_KEY;
  if (key) return key;
  throw new LangBatchError(
    "missing_setting",
    "The OpenAI API key is missing. Pass `batchKwargs: { apiKey }`, or set OPENAI_API_KEY.",
    { provider: "openai" },
  );
}
