/** One request of a batch, as it stands in the input file. */
export interface FakeRequest {
  readonly custom_id: string;
  /** The endpoint: `/v1/chat/completions`. */
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Its line in the input file; the first is 1. */
  readonly line: number;
}

/** Which of a batch's two result files a line is in. */
export type ResultFile = "output" | "error";

/** What becomes of one request. */
export type Outcome =
  /** A 200 in the output file. Default for `body`: a realistic answer of the endpoint. */
  | { readonly kind: "succeed"; readonly body?: object }
  /**
   * Another HTTP status: `response` is set and holds the error, `error` is null. Such a line is in
   * the error file; `file: "output"` puts it into the output file, as some services do.
   */
  | {
      readonly kind: "fail";
      readonly status: number;
      readonly code?: string;
      readonly message?: string;
      readonly file?: ResultFile;
    }
  /** No HTTP answer at all: in the error file `response` is null and `error` is set. */
  | { readonly kind: "refuse"; readonly code: string; readonly message: string }
  /** Never answered: the batch runs until it expires, then the line is `batch_expired`. */
  | { readonly kind: "expire" }
  /** In neither file, whatever becomes of the batch. */
  | { readonly kind: "drop" }
  /** A success that is in the output file twice; `conflicting` makes the second line a failure. */
  | { readonly kind: "twice"; readonly body?: object; readonly conflicting?: boolean }
  /** Any text, a line end added, in place of a result line: for what no service should ever write. */
  | { readonly kind: "line"; readonly file: ResultFile; readonly text: string };

/**
 * Decides what becomes of a request. Called once for each request, in the order of the input file,
 * while the batch is created; never for a batch whose input is wrong from that line on, nor for one
 * that there is no room for.
 */
export type AnswerScript = (request: FakeRequest) => Outcome;
