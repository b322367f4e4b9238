import type { Life } from "./batch-life.js";
import type { ResultCounts } from "./results-file.js";
import type { StoredBatch } from "./stored-batch.js";

/** A batch as the service shows it. */
export type BatchObject = Readonly<Record<string, unknown>>;

/** What is shown beside the batch's own facts. */
export interface ShownFacts {
  readonly life: Life;
  /** `undefined` until it has ended: all requests are `processing` for so long. */
  readonly counts: ResultCounts | undefined;
  /** When its results were put away, in milliseconds since 1970, where they were. */
  readonly archivedAt: number | undefined;
  /** How the server is reached: `http://127.0.0.1:40213`. */
  readonly base: string;
}

/** The batch as npm `@anthropic-ai/sdk` 1.12.0, `resources/messages/batches.d.ts`, `MessageBatch` has it. */
export function batchObject(
  { id, createdAt, cancelingAt, faults, received }: StoredBatch,
  { life, counts, archivedAt, base }: ShownFacts,
): BatchObject {
  const none = { succeeded: 0, errored: 0, canceled: 0, expired: 0 };
  const hasResults = life.status === "ended" && archivedAt === undefined;
  return {
    id,
    type: "message_batch",
    processing_status: (life.status !== "ended" && faults.status) || life.status,
    request_counts: { processing: counts ? 0 : received.requests, ...(counts ?? none) },
    ended_at: time(life.endedAt),
    created_at: time(createdAt),
    expires_at: time(life.expiresAt),
    archived_at: time(archivedAt),
    cancel_initiated_at: time(cancelingAt),
    results_url: hasResults ? `${base}/v1/messages/batches/${id}/results` : null,
  };
}

/** RFC 3339 with six digits of a second, as in the examples of Anthropic's API reference. */
function time(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString().replace("Z", "000Z");
}
