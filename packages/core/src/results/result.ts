import type { Endpoint, EndpointTypes } from "../endpoints/endpoint.js";
import type { ResultError, ResultLine, ResultResponse } from "../provider/wire.js";

/**
 * A request that succeeded: the wire's fields, and what its endpoint shows of the answer (`choices`,
 * `embedding`, `output` …) beside `model` and `usage`. Those are getters: `JSON.stringify` gives the
 * OpenAI result line alone.
 */
export type SuccessfulResult<E extends EndpointTypes> = {
  readonly id?: string;
  readonly custom_id: string;
  readonly response: ResultResponse<E["response"]>;
  readonly error: null;
  readonly model: ModelOf<E>;
  readonly usage: UsageOf<E>;
} & E["shows"];

/** A request that has no success, and why. */
export interface UnsuccessfulResult {
  readonly id?: string;
  readonly custom_id: string;
  /** What the endpoint answered, where it did. */
  readonly response: ResultResponse | null;
  /** `batch_expired`, `batch_cancelled` and `missing` where there is no answer. */
  readonly error: ResultError;
}

/** How a request ended; `error` is `null` exactly when it succeeded. */
export type BatchResult<E extends EndpointTypes> = SuccessfulResult<E> | UnsuccessfulResult;

type ModelOf<E extends EndpointTypes> = E["response"] extends { readonly model: infer Model }
  ? Model
  : unknown;

type UsageOf<E extends EndpointTypes> = E["response"] extends { readonly usage?: infer Usage }
  ? Usage | undefined
  : undefined;

/** Makes results of result lines that are ours. */
export function resultMaker<E extends EndpointTypes>(
  endpoint: Endpoint<E>,
): (line: ResultLine) => BatchResult<E> {
  // A class, so that the getters are made once and a printed result says what it is.
  class Result {
    declare readonly response: ResultLine["response"];
    declare readonly error: ResultError | null;

    constructor(line: ResultLine) {
      Object.assign(this, line);
    }
  }
  const define = (name: string, read: (response: E["response"]) => unknown) => {
    Object.defineProperty(Result.prototype, name, {
      get(this: Result): unknown {
        return this.error === null ? read(this.response?.body as E["response"]) : undefined;
      },
    });
  };
  define("model", (response) => (response as { readonly model?: unknown }).model);
  define("usage", (response) => (response as { readonly usage?: unknown }).usage);
  for (const name of endpoint.shown) {
    define(name, (response) => endpoint.show(response)[name as keyof E["shows"]]);
  }
  return (line) => new Result(line) as unknown as BatchResult<E>;
}
