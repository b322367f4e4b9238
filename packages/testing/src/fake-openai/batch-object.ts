import type { FileStore } from "./files.js";
import { isTerminal, type Life } from "./job-life.js";
import type { Mark } from "./play-input.js";
import type { StoredBatch } from "./stored-batch.js";

/** A batch as OpenAI shows it. */
export type BatchObject = Readonly<Record<string, unknown>>;

/**
 * The batch as npm `openai` 7.57.0, `resources/batches.d.ts`, `Batch` has it, with null where OpenAI
 * has nothing to say. Every call is one look for the faults that count appearances.
 */
export function batchObject(
  batch: StoredBatch,
  life: Life,
  mark: Mark,
  files: FileStore,
): BatchObject {
  const { params, played, problems, faults } = batch;
  const isRead = life.inProgressAt !== undefined;
  const counts = isRead
    ? { total: played.requests, completed: mark.completed, failed: mark.failed }
    : { total: 0, completed: 0, failed: 0 };
  const word = faults.find("status-word");
  const shown = word && faults.look("status-word") ? word.word : life.status;

  const isEarly = faults.find("early-file-ids") !== undefined && !isTerminal(life.status);

  function fileId(id: string): string | null {
    if (files.all.has(id) || isEarly) return id;
    return faults.find("empty-file-ids") ? "" : null;
  }

  return {
    id: batch.id,
    object: "batch",
    endpoint: params.endpoint,
    model: isRead ? (played.model ?? null) : null,
    errors: life.status === "failed" ? { object: "list", data: problems } : null,
    input_file_id: params.inputFileId || null,
    ...(params.inputBlob && blobFields(batch, isTerminal(life.status))),
    completion_window: params.completionWindow,
    status: shown,
    output_file_id: fileId(batch.outputFileId),
    error_file_id: fileId(batch.errorFileId),
    created_at: seconds(batch.createdAt),
    in_progress_at: seconds(life.inProgressAt),
    expires_at: seconds(life.expiresAt),
    finalizing_at: seconds(life.finalizingAt),
    completed_at: seconds(life.completedAt),
    failed_at: seconds(life.failedAt),
    expired_at: seconds(life.expiredAt),
    cancelling_at: seconds(life.cancellingAt),
    cancelled_at: seconds(life.cancelledAt),
    request_counts: faults.find("wrong-counts")?.counts ?? counts,
    usage: {
      input_tokens: mark.inputTokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: mark.outputTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: mark.inputTokens + mark.outputTokens,
    },
    metadata: params.metadata,
  };
}

/** Azure OpenAI documentation, batch with Azure Blob Storage: both are named, also one never written. */
function blobFields({ params, outputBlob, errorBlob }: StoredBatch, hasEnded: boolean): object {
  const shown = (address: string) => (hasEnded ? address : "");
  return {
    input_blob: params.inputBlob,
    output_blob: shown(outputBlob),
    error_blob: shown(errorBlob),
  };
}

function seconds(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.floor(ms / 1000);
}
