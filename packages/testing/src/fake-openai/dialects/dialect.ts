/** A service that the fake server can speak like. */
export type DialectName =
  | "openai"
  | "azure"
  | "groq"
  | "together"
  | "deepinfra"
  | "parasail"
  | "nebius"
  | "doubleword"
  | "siliconflow"
  | "dashscope"
  | "gateway";

/** A batch, file or result row as OpenAI shows it, or as the service does. */
export type Shown = Readonly<Record<string, unknown>>;

/** How a service differs from OpenAI. */
export interface Dialect {
  /** What stands before `/files` and `/batches`: the base URL's path, and other ways in. */
  readonly basePaths: readonly [first: string, ...others: string[]];
  /** Another header than `authorization` that a key may come in. */
  readonly keyHeader?: string;
  /** Whether answers name the organisation and project. */
  readonly namesAccounts: boolean;
  /** Where inputs are uploaded to, below the base path. */
  readonly uploadPath: string;
  /** The form field that repeats the name of an upload, where the service needs one. */
  readonly fileNameField?: string;
  /** The `purpose` that an input must have. */
  readonly filePurpose: string;
  /** How long a file may be kept where a time is given, in seconds. */
  readonly expirySeconds: readonly [shortest: number, longest: number];
  /** How many inputs may lie there: without an expiry, and with one. */
  readonly maxFiles: readonly [forEver: number, expiring: number];
  readonly maxRequests: number;
  readonly maxFileBytes: number;
  /** The endpoints whose batches it runs. */
  readonly endpoints: readonly string[];
  /** Whether `/chat/completions` stands for `/v1/chat/completions`. */
  readonly takesShortUrls: boolean;
  readonly completionWindow: RegExp;
  /** What becomes of a job's `metadata`. */
  readonly metadata: "kept" | "dropped";
  /** Whether a job's requests may name several models. */
  readonly mixesModels: boolean;
  /** The longest `custom_id`, in characters. */
  readonly maxIdLength: number;
  /** Why a message must not have `content: null`; absent where it may. */
  readonly nullContent?: string;
  /** What is said of an input that begins with a byte order mark. Default: that it is no JSON. */
  readonly byteOrderMark?: string;
  /** Whether a job for which there are too many tokens is refused at once, in place of failing later. */
  readonly refusesTokens: boolean;
  /** The file that a failed request's row stands in. */
  readonly failuresIn: "error" | "output";
  /** Whether a completed batch has an error file also where nothing failed. */
  readonly hasEmptyErrorFile: boolean;
  /** How the list of batches goes on: after a job, by a cursor, or not at all. */
  readonly list: "after" | "cursor" | "bare" | "unsaid";
  /** The batch as the service shows it, asked for below `basePath`. */
  showBatch(batch: Shown, basePath: string): Shown;
  /** The answer to a create; `batch` is shown already. */
  showCreated(batch: Shown): Shown;
  /** A row of a result file. */
  showRow(row: Shown): Shown;
}
