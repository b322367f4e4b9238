/** One request that is about to be asked. */
export interface Question {
  /** The user's name for it. */
  readonly customId: string;
  /** The endpoint's path with its version: `/v1/chat/completions`. */
  readonly url: string;
  /** The body as the user wrote it: JSON in UTF-8, on one line. */
  readonly body: Buffer;
}

/** An answer, with whatever status. */
export interface EndpointAnswer {
  readonly came: "response";
  readonly status: number;
  readonly headers?: Pick<Headers, "get"> | undefined;
  /** The service's own name for the request. */
  readonly requestId?: string | undefined;
  /** The body of the answer as it came: JSON, most likely. */
  readonly text: string;
}

/** What came of asking once. */
export type Answer =
  | EndpointAnswer
  /** None in time: of whoever set the time, and of a client that gave up by itself. */
  | { readonly came: "timeout" }
  /** None at all: the connection failed. */
  | {
      readonly came: "no-answer";
      /** The system's word for it: `ECONNRESET`. */
      readonly reason: string;
      /** Whether nobody is there: the host was not found, or took no connection. */
      readonly isUnsent: boolean;
    }
  /** It can never be asked as things are: a key that no header can hold, a redirect. Why, in a sentence. */
  | { readonly came: "refused-here"; readonly message: string }
  /** The function failed. Without secrets; never a stack. */
  | { readonly came: "thrown"; readonly message: string };

/**
 * Asks one question once: no retry, no redirect. It sets no time; who does so aborts `signal`, and makes
 * `timeout` of that; many questions may share one. Never rejects, but for an aborted `signal`, with its reason and at once.
 */
export type Ask = (question: Question, signal: AbortSignal) => Promise<Answer>;
