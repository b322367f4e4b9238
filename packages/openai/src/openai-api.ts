/**
 * The fields of OpenAI's batch object that are read. Whatever may be absent, `null` or empty at some
 * service that speaks the same API is marked so (npm `openai` 7.57.0, `resources/batches.d.ts`).
 */
export interface OpenAIBatch {
  readonly id: string;
  readonly status?: string | null;
  /** Seconds since 1970; an ISO text at some services. */
  readonly created_at?: number | string | null;
  readonly endpoint?: string | null;
  readonly input_file_id?: string | null;
  readonly output_file_id?: string | null;
  readonly error_file_id?: string | null;
  /** At Azure, where a batch goes through the user's own storage: addresses (its documentation). */
  readonly input_blob?: string | null;
  readonly output_blob?: string | null;
  readonly error_blob?: string | null;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
  readonly request_counts?: {
    readonly total?: number | null;
    readonly completed?: number | null;
    readonly failed?: number | null;
  } | null;
  /** A bare list in Groq's documentation, and a text or one error at some services. */
  readonly errors?: { readonly data?: OpenAIBatchErrors } | OpenAIBatchErrors;
  /** The same at Together, as a text (npm `together-ai` 0.52.0, `resources/batches.d.ts`). */
  readonly error?: OpenAIBatchErrors;
}

/** Why a batch failed, in all the ways in which services write it. */
type OpenAIBatchErrors =
  | readonly (OpenAIBatchError | string | null)[]
  | OpenAIBatchError
  | string
  | null;

/** Why a batch as a whole failed; several where several lines are wrong. */
export interface OpenAIBatchError {
  readonly code?: string | number | null;
  readonly message?: string | null;
  readonly line?: number | null;
}

/** A page of the list of batches, newest first. */
export interface OpenAIBatchPage {
  readonly data: readonly OpenAIBatch[];
  readonly has_more?: boolean | null;
  readonly paging?: { readonly next_cursor?: string | null } | null;
}
