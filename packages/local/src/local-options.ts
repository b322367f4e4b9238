import type { EndpointTypes, Ports, RequestLine } from "@langbatch/core";

/** A function that answers requests in this process. */
export type Handler<E extends EndpointTypes = EndpointTypes> = (
  request: RequestLine<E["body"]>,
  context: {
    /** Aborted when the time of the request is up, or the batch is to stop. */
    readonly signal: AbortSignal;
  },
) => E["response"] | Promise<E["response"]>;

/** What is used of a client of npm `openai`; one of version 6 or 7 fits. */
export interface OpenAIClient {
  readonly baseURL: string;
  post(
    path: string,
    options: {
      readonly body: unknown;
      readonly headers: Readonly<Record<string, string | null>>;
      readonly maxRetries: number;
      readonly timeout: number;
      readonly fetchOptions: { readonly redirect: "manual" };
      readonly signal: AbortSignal;
    },
  ): { asResponse(): Promise<Response> };
}

/** The arguments of `local()`, and so the `batchKwargs` of its classes. None of them is stored. */
export interface LocalOptions<E extends EndpointTypes = EndpointTypes> {
  /** Answers the requests in this process. One of `handler`, `client` and `baseURL` must be there. */
  readonly handler?: Handler<E>;
  /**
   * A ready client of npm `openai`, whose key, headers, address and `fetch` are used, but not its retries.
   * Node's own `fetch` gives up after five minutes without an answer: for a model that thinks longer, give
   * the client one with other timeouts, or use `baseURL`.
   */
  readonly client?: OpenAIClient;
  /**
   * An OpenAI-compatible endpoint with its version, as SDKs take it: `http://127.0.0.1:11434/v1`. A
   * request for `/v1/chat/completions` goes to `<baseURL>/chat/completions`.
   */
  readonly baseURL?: string;
  /** Goes with `baseURL`, as a bearer token. Default: none. */
  readonly apiKey?: string;
  /** Further headers, with `baseURL`; they come before ours of the same name. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * How many requests are on their way at the same time, and so how many are asked again at most after
   * a crash. Default: as many as the endpoint bears, found out by trying.
   */
  readonly concurrency?: number;
  /** The most that are tried where `concurrency` is not given. Default: 256. */
  readonly maxConcurrency?: number;
  /** The most requests that are begun within a minute, evenly spread. Default: no limit of ours. */
  readonly requestsPerMinute?: number;
  /**
   * The most tokens asked for within a minute, evenly spread: estimated at first (a token for four bytes,
   * and the longest answer the request allows), then as the answers say. Default: no limit of ours.
   */
  readonly tokensPerMinute?: number;
  /** How long one request may take, in milliseconds. Default: 600 000. */
  readonly timeoutMs?: number;
  /**
   * How often a request is asked again that had no answer, or an answer of trouble (408, 409, 425, 5xx),
   * before that is its result. To be told to come later (429, 503) does not count. Default: 4.
   */
  readonly retries?: number;
  /**
   * Asks requests that begin alike one after the other, so that a server that keeps what it has read
   * reads it once. They are compared by how their body begins after the model's name. Default: `false`;
   * requests are asked in input order.
   */
  readonly groupByPrefix?: boolean;
  /** Clock and chance, for tests. Default: the machine's. */
  readonly ports?: Partial<LocalPorts>;
}

/** Time and chance, as a running job sees them. */
export type LocalPorts = Pick<Ports, "elapsed" | "sleep" | "random">;
