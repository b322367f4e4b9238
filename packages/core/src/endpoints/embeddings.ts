import type { TokenUsage } from "./chat-completions.js";
import {
  type Endpoint,
  type EndpointTypes,
  isEmpty,
  isRecord,
  isTextList,
  missing,
  type Open,
} from "./endpoint.js";

/** The body of an embedding request. Lists of numbers are tokens. */
export interface EmbeddingBody {
  readonly model: string;
  readonly input: string | readonly string[] | readonly number[] | readonly (readonly number[])[];
  readonly dimensions?: number;
  readonly encoding_format?: "float" | "base64";
  readonly user?: string;
}

/** The answer to an embedding request: one vector for each text of the input. */
export interface EmbeddingResponse {
  readonly object: string;
  readonly model: string;
  readonly data: readonly {
    readonly index: number;
    readonly object: string;
    /** Numbers; base64 text arrives as it is where that was asked for. */
    readonly embedding: readonly number[];
  }[];
  readonly usage?: TokenUsage;
}

/** What `create` takes for an embedding: a text, a list of texts, or a body of its own. */
export type EmbeddingItem =
  | string
  | readonly string[]
  | Open<
      Partial<EmbeddingBody> & {
        readonly custom_id?: string;
        readonly input: EmbeddingBody["input"];
      }
    >;

/** The types of {@link embeddings}. */
export interface Embeddings extends EndpointTypes {
  readonly body: EmbeddingBody;
  readonly response: EmbeddingResponse;
  readonly item: EmbeddingItem;
  readonly shows: {
    /** The vector of the input; of its first text where the input is a list. */
    readonly embedding: readonly number[];
    /** The vectors of all texts of the input, in their order. */
    readonly embeddings: readonly (readonly number[])[];
  };
}

/** Embeddings: `/v1/embeddings`. A list of texts is one request with several inputs. */
export const embeddings: Endpoint<Embeddings> = {
  url: "/v1/embeddings",
  toBody(item) {
    if (typeof item === "string" || isTextList(item)) return { input: item };
    return isRecord(item) && "input" in item ? item : undefined;
  },
  findProblem: ({ input }) => (isEmpty(input) ? missing("input") : undefined),
  isResponse: (body) => "data" in body && Array.isArray(body.data) && body.data.length > 0,
  shown: ["embedding", "embeddings"],
  show({ data }) {
    const sorted = data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => embedding);
    return { embedding: sorted[0] ?? [], embeddings: sorted };
  },
};
