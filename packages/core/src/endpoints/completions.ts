import type { TokenUsage } from "./chat-completions.js";
import {
  type Endpoint,
  type EndpointTypes,
  isEmpty,
  isRecord,
  missing,
  type Open,
} from "./endpoint.js";

/** The body of a text completion request. */
export interface CompletionBody {
  readonly model: string;
  readonly prompt: string | readonly string[] | readonly number[] | readonly (readonly number[])[];
  readonly max_tokens?: number | null;
  readonly temperature?: number | null;
  readonly top_p?: number | null;
  readonly n?: number | null;
  readonly stop?: string | readonly string[] | null;
  readonly suffix?: string | null;
  readonly user?: string;
}

/** The answer to a text completion request. */
export interface CompletionResponse {
  readonly id: string;
  readonly object: string;
  readonly created: number;
  readonly model: string;
  readonly choices: readonly CompletionChoice[];
  readonly usage?: TokenUsage;
}

/** One completion. */
export interface CompletionChoice {
  readonly index: number;
  readonly text: string;
  readonly finish_reason: string;
}

/** What `create` takes for a completion: a prompt, or a body of its own. */
export type CompletionItem =
  | string
  | Open<
      Partial<CompletionBody> & {
        readonly custom_id?: string;
        readonly prompt: CompletionBody["prompt"];
      }
    >;

/** The types of {@link completions}. */
export interface Completions extends EndpointTypes {
  readonly body: CompletionBody;
  readonly response: CompletionResponse;
  readonly item: CompletionItem;
  readonly shows: { readonly choices: readonly CompletionChoice[] };
}

/** Text completions: `/v1/completions`. */
export const completions: Endpoint<Completions> = {
  url: "/v1/completions",
  toBody(item) {
    if (typeof item === "string") return { prompt: item };
    return isRecord(item) && "prompt" in item ? item : undefined;
  },
  findProblem: ({ prompt }) => (isEmpty(prompt) ? missing("prompt") : undefined),
  isResponse: (body) => "choices" in body && Array.isArray(body.choices),
  shown: ["choices"],
  show: ({ choices }) => ({ choices }),
};
