/**
 * The fields of a Message Batch that are read (npm `@anthropic-ai/sdk` 1.12.0,
 * `resources/messages/batches.d.ts`). Times are RFC 3339 texts.
 */
export interface MessageBatch {
  readonly id: string;
  readonly processing_status: string;
  /** All but `processing` stay 0 until the batch has ended. */
  readonly request_counts?: {
    readonly processing?: number;
    readonly succeeded?: number;
    readonly errored?: number;
    readonly canceled?: number;
    readonly expired?: number;
  };
  readonly created_at?: string;
  readonly ended_at?: string | null;
  readonly cancel_initiated_at?: string | null;
  /** From then on its results are gone. */
  readonly archived_at?: string | null;
}

/** Whether an answer is a Message Batch. */
export function isMessageBatch(value: unknown): value is MessageBatch {
  if (typeof value !== "object" || value === null) return false;
  const { id, processing_status: status } = value as Readonly<Partial<Record<string, unknown>>>;
  return typeof id === "string" && id !== "" && typeof status === "string";
}
