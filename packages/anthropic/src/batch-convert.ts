import type { Job, JobStatus } from "@langbatch/core";
import type { MessageBatch } from "./anthropic-api.js";

/** How long results are kept, counted from a batch's creation (Claude documentation, batch processing). */
export const keptMs: number = 29 * 86_400_000;

/** A Message Batch as a job. `account` is whose it is. */
export function toJob(batch: MessageBatch, account: string): Job {
  const { id, processing_status: rawStatus, request_counts: counts = {} } = batch;
  const { processing = 0, succeeded = 0, errored = 0, canceled = 0, expired = 0 } = counts;
  const total = processing + succeeded + errored + canceled + expired;
  const createdAt = Date.parse(batch.created_at ?? "");
  const isDated = !Number.isNaN(createdAt);
  return {
    id,
    status: statusOf(batch),
    rawStatus,
    createdAt: isDated ? createdAt : 0,
    ...(total > 0 && { requests: total }),
    account,
    // Before the end they are zero, whatever is done by then.
    ...(rawStatus === "ended" && { counts: { total, completed: succeeded, failed: errored } }),
    ...(isDated && { collectBy: createdAt + keptMs }),
    ...(batch.archived_at && { detail: { archived: true } }),
  };
}

/**
 * A batch never fails as a whole. One that was to be cancelled and still answered everything is
 * completed; a status that is not known yet is no end.
 */
function statusOf({ processing_status: status, request_counts: counts }: MessageBatch): JobStatus {
  if (status === "canceling") return "cancelling";
  if (status !== "ended") return "in_progress";
  if ((counts?.expired ?? 0) > 0) return "expired";
  return (counts?.canceled ?? 0) > 0 ? "cancelled" : "completed";
}
