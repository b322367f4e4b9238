import {
  type Endpoint,
  type EndpointTypes,
  isEmpty,
  isRecord,
  isTextList,
  missing,
  type Open,
} from "./endpoint.js";

/** The body of a moderation request. */
export interface ModerationBody {
  readonly model: string;
  readonly input: string | readonly string[] | readonly object[];
}

/** What was found in one text. */
export interface ModerationResult {
  readonly flagged: boolean;
  readonly categories: Readonly<Record<string, boolean>>;
  readonly category_scores: Readonly<Record<string, number>>;
}

/** The answer to a moderation request. */
export interface ModerationResponse {
  readonly id: string;
  readonly model: string;
  readonly results: readonly ModerationResult[];
}

/** What `create` takes for a moderation: a text, a list of texts, or a body of its own. */
export type ModerationItem =
  | string
  | readonly string[]
  | Open<
      Partial<ModerationBody> & {
        readonly custom_id?: string;
        readonly input: ModerationBody["input"];
      }
    >;

/** The types of {@link moderations}. */
export interface Moderations extends EndpointTypes {
  readonly body: ModerationBody;
  readonly response: ModerationResponse;
  readonly item: ModerationItem;
  readonly shows: { readonly results: readonly ModerationResult[] };
}

/** Moderations: `/v1/moderations`. */
export const moderations: Endpoint<Moderations> = {
  url: "/v1/moderations",
  toBody(item) {
    if (typeof item === "string" || isTextList(item)) return { input: item };
    return isRecord(item) && "input" in item ? item : undefined;
  },
  findProblem: ({ input }) => (isEmpty(input) ? missing("input") : undefined),
  isResponse: (body) => "results" in body && Array.isArray(body.results),
  shown: ["results"],
  show: ({ results }) => ({ results }),
};
