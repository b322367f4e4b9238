/** One request of a batch, as the client sent it. */
export interface MessageRequest {
  readonly custom_id: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** One request of a batch, as a script sees it. */
export interface FakeMessageRequest extends MessageRequest {
  /** Its place in `requests`; the first is 0. */
  readonly index: number;
}

/** What becomes of one request. */
export type Outcome =
  /** Fields of `message` stand in place of those of the realistic answer. */
  | { readonly kind: "succeed"; readonly message?: object }
  /** An `errored` result. Default for `type`: `invalid_request_error`. */
  | { readonly kind: "error"; readonly type?: string; readonly message?: string }
  /** Never answered: the batch runs until it expires, then the result is `expired`. */
  | { readonly kind: "expire" }
  /** No line, whatever becomes of the batch; the counts say that it succeeded. */
  | { readonly kind: "drop" }
  /** A success whose line is there twice; `conflicting` makes the second line an error. */
  | { readonly kind: "twice"; readonly message?: object; readonly conflicting?: boolean }
  /** Any text, a line end added, in place of the line; the counts say that it succeeded. */
  | { readonly kind: "line"; readonly text: string };

/**
 * Decides what becomes of a request. Called once for each request, in the order of the body, while
 * the batch is created; never for a create that is refused, nor for a request whose `params` are
 * wrong, which ends as an `errored` result.
 */
export type AnswerScript = (request: FakeMessageRequest) => Outcome;
