/** Every failure LangBatch raises on purpose, named by what the caller can do about it. */
export type ErrorCode =
  | "invalid_request" // the input is wrong: fix what `problems` lists
  | "invalid_option" // an option has a value nobody can use
  | "invalid_state" // call it at another time, or something else first
  | "not_ready" // the batch is still running: wait
  | "not_found" // wrong id, or it lives in another storage or account
  | "wrong_class" // the batch was made by another class: load it with that one
  | "wrong_input" // this `key` already stands for another input
  | "batch_moved" // the batch lives in another storage now
  | "too_large" // more than memory should hold: stream it
  | "input_unreadable" // the file or the items could not be read
  | "missing_setting" // pass an option or set an environment variable
  | "rejected" // the provider refused, so nothing was created
  | "quota" // the provider has no room at the moment, so nothing was created
  | "provider_failed" // the provider did not do what was asked; see `status` and `cause`
  | "incomplete_listing" // the provider's list of jobs proves nothing
  | "ambiguous" // nobody can say whether a job exists: look at the provider, then decide
  | "duplicate_job" // the provider has a second job for the same requests: one is paid in vain
  | "wrong_account" // the key sees another account than the one the job is in
  | "storage_conflict" // somebody else wrote first
  | "storage_failed" // the storage did not do what was asked; see `cause`
  | "version_unsupported" // a newer version of the package is needed
  | "storage_unsupported"; // this file system or service cannot keep the storage contract

/** One input line that cannot be sent. */
export interface RequestProblem {
  /** The line of the file, or the position in the list; the first is 1. */
  readonly line: number;
  /** The line's `custom_id`, where it has a readable one. */
  readonly customId: string | undefined;
  /** What is wrong, in the words of OpenAI's own batch errors where it has one: `invalid_json_line`. */
  readonly code: string;
  /** One sentence for a person. */
  readonly message: string;
}

/** What a {@link LangBatchError} may carry beside its code and message. */
export interface LangBatchErrorOptions extends ErrorOptions {
  /** Whether the same call may succeed later, unchanged. Default: `false`. */
  readonly retryable?: boolean;
  /** The input line the error is about; the first is 1. */
  readonly line?: number;
  /** The request the error is about. */
  readonly customId?: string;
  /** The id of the provider that failed: `openai`. */
  readonly provider?: string;
  /** The HTTP status the provider answered with. */
  readonly status?: number;
  /** How long the provider asked to wait before it is asked again, in milliseconds. */
  readonly retryAfterMs?: number;
  /**
   * The first 4,096 characters of what came in place of an answer, without secrets: kept with a job
   * whose create nobody understood.
   */
  readonly answer?: string;
  /** With `invalid_request`: the first 100 lines that cannot be sent. */
  readonly problems?: readonly RequestProblem[];
  /** With `invalid_request`: how many lines cannot be sent. */
  readonly total?: number;
}

const marker: symbol = Symbol.for("langbatch.error");

/**
 * The one error class. Everything the library throws is one of these; what a dependency threw is
 * its `cause`. Recognise it with {@link LangBatchError.is}, which works across two installed copies
 * of the package where `instanceof` does not. No message ever holds a key or a whole request.
 */
export class LangBatchError extends Error {
  override readonly name = "LangBatchError";
  readonly code: ErrorCode;
  readonly retryable: boolean;
  declare readonly line?: number;
  declare readonly customId?: string;
  declare readonly provider?: string;
  declare readonly status?: number;
  declare readonly retryAfterMs?: number;
  declare readonly answer?: string;
  declare readonly problems?: readonly RequestProblem[];
  declare readonly total?: number;

  constructor(code: ErrorCode, message: string, options: LangBatchErrorOptions = {}) {
    const { cause, retryable = false, ...details } = options;
    super(message, cause === undefined ? undefined : { cause });
    Object.defineProperty(this, marker, { value: true });
    this.code = code;
    this.retryable = retryable;
    for (const [name, value] of Object.entries(details)) {
      if (value !== undefined) Object.defineProperty(this, name, { value, enumerable: true });
    }
  }

  /** Whether `error` is a LangBatch error and, when a code is given, has that code. */
  static is(error: unknown, code?: ErrorCode): error is LangBatchError {
    if (typeof error !== "object" || error === null || !(marker in error)) return false;
    return code === undefined || (error as LangBatchError).code === code;
  }
}
