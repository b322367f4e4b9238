import {
  type Endpoint,
  type EndpointTypes,
  isEmpty,
  isRecord,
  missing,
  type Open,
} from "./endpoint.js";

/** The body of a request to the Responses API: the fields most used; any other passes too. */
export interface ResponsesBody {
  readonly model: string;
  readonly input?: string | readonly object[];
  readonly instructions?: string | null;
  readonly max_output_tokens?: number | null;
  readonly temperature?: number | null;
  readonly top_p?: number | null;
  readonly tools?: readonly object[];
  readonly tool_choice?: string | object;
  readonly text?: object;
  readonly reasoning?: object | null;
  readonly prompt?: object | null;
  readonly metadata?: object | null;
}

/** One part of an answer: a message, a reasoning step, a tool call. */
export interface ResponseOutputItem {
  readonly type: string;
  readonly id?: string;
  readonly role?: string;
  readonly content?: readonly { readonly type: string; readonly text?: string }[];
  readonly name?: string;
  /** A text for function calls; other tools have other shapes. */
  readonly arguments?: unknown;
  readonly call_id?: string | null;
}

/** The answer of the Responses API. */
export interface ResponsesResponse {
  readonly id: string;
  readonly object: string;
  readonly model: string;
  readonly status?: string;
  readonly output: readonly ResponseOutputItem[];
  readonly usage?: {
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly total_tokens: number;
  };
}

/** What `create` takes for a response: a text, a list of input items, or a body of its own. */
export type ResponsesItem =
  | string
  | readonly object[]
  | Open<
      Partial<ResponsesBody> & {
        readonly custom_id?: string;
        readonly input: string | readonly object[];
      }
    >;

/** The types of {@link responses}. */
export interface Responses extends EndpointTypes {
  readonly body: ResponsesBody;
  readonly response: ResponsesResponse;
  readonly item: ResponsesItem;
  readonly shows: {
    readonly output: readonly ResponseOutputItem[];
    /** The text of all messages of the output, joined. */
    readonly output_text: string;
  };
}

/** The Responses API: `/v1/responses`. */
export const responses: Endpoint<Responses> = {
  url: "/v1/responses",
  toBody(item) {
    if (typeof item === "string" || Array.isArray(item)) return { input: item };
    return isRecord(item) && ("input" in item || "prompt" in item) ? item : undefined;
  },
  // A stored prompt may stand for the input (OpenAI API reference, responses, `prompt`).
  findProblem({ input, prompt }) {
    return isEmpty(input) && isEmpty(prompt) ? missing("input") : undefined;
  },
  isResponse: (body) => "output" in body && Array.isArray(body.output),
  shown: ["output", "output_text"],
  show({ output }) {
    const parts = output.flatMap((item) => (item.type === "message" ? (item.content ?? []) : []));
    const texts = parts.filter(({ type }) => type === "output_text");
    return { output, output_text: texts.map(({ text }) => text ?? "").join("") };
  },
};
