/** A request as OpenAI's batch format writes it (npm `openai` 7.57.0, `resources/batches.d.ts`). */
export interface RequestLine<Body extends object = object> {
  readonly custom_id: string;
  readonly method: "POST";
  readonly url: string;
  readonly body: Body;
}

/** A result as OpenAI's batch format writes it: exactly one of `response` and `error` speaks. */
export interface ResultLine {
  readonly id?: string;
  readonly custom_id: string;
  readonly response: ResultResponse | null;
  readonly error: ResultError | null;
}

/** What the endpoint answered to one request. */
export interface ResultResponse<Body = unknown> {
  readonly status_code: number;
  readonly request_id?: string;
  readonly body: Body;
}

/** Why one request has no success. */
export interface ResultError {
  /** The provider's code; `batch_expired`, `batch_cancelled` and `missing` where no answer exists. */
  readonly code: string;
  readonly message: string;
}

/** A request that is about to be written for a provider. Its url is the endpoint's full one. */
export interface WireRequest {
  readonly request: RequestLine;
  /** The id it goes by at the provider: its own, or one of ours where ids are derived. */
  readonly wireId: string;
  /**
   * Its own bytes, without a line end: what is changed in them leaves the rest as the user wrote it,
   * numbers that JavaScript cannot hold included.
   */
  readonly line: Buffer;
}

/**
 * Another way to write requests and results, for a provider that does not take every OpenAI line as
 * it is. Pure, and the same in every process with the same settings: requests are written when they
 * are sent, not when they are stored. `encode` is also the provider's own validation and the planner's
 * byte count.
 */
export interface WireFormat {
  /**
   * What stands before, between and after the requests of one job. Default: nothing, and a line end
   * after each.
   */
  readonly frame?: readonly [head: string, separator: string, tail: string];
  /**
   * The request as it is sent, without a line end, or `undefined` where its line is sent as it is.
   * Where ids are derived (see `wireId` in the traits), it carries `wireId`. A text is written as UTF-8,
   * and takes less memory than bytes of its own.
   *
   * @throws `invalid_request` naming what the provider cannot take.
   */
  encode(request: WireRequest): Uint8Array | string | undefined;
  /**
   * The result that a line of the provider holds, by the request's wire id; `undefined` where the line
   * is none. Whatever it throws means the same: the line is kept, and belongs to nobody. Default:
   * results come as OpenAI lines.
   */
  decode?(line: Uint8Array): ResultLine | undefined;
}
