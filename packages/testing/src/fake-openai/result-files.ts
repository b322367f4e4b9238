import { rm } from "node:fs/promises";
import type { BatchStoreOptions } from "./batches.js";
import { isStopped, type Life, type StopStatus } from "./job-life.js";
import { type Mark, writeUnanswered } from "./play-input.js";
import type { StoredBatch } from "./stored-batch.js";

/** Brings the result files of a batch that has ended to where its users look for them. */
export async function keepResults(
  batch: StoredBatch,
  life: Life,
  mark: Mark,
  { blobs, dialect, files, now }: BatchStoreOptions,
): Promise<void> {
  const { played, params, faults: own } = batch;
  const stopped = isStopped(life.status) ? stopReasons[life.status] : undefined;
  const errorBytes = stopped ? await writeUnanswered(played, mark, stopped) : mark.errorBytes;
  await rm(played.idsPath, { force: true });
  const createdAt = life.completedAt ?? life.expiredAt ?? life.cancelledAt ?? now();
  const keptMs = params.outputExpiresAfterSeconds;
  const results = [
    {
      id: batch.outputFileId,
      kind: "output",
      address: batch.outputBlob,
      bytes: mark.outputBytes,
      path: played.outputPath,
    },
    {
      id: batch.errorFileId,
      kind: "error",
      address: batch.errorBlob,
      bytes: errorBytes,
      path: played.errorPath,
    },
  ];
  for (const { id, kind, address, bytes, path } of results) {
    if (address) {
      if (bytes > 0) await blobs?.write(address, path);
      await rm(path, { force: true });
      continue;
    }
    const isKept = bytes > 0 || (kind === "error" && dialect.hasEmptyErrorFile);
    if (bytes === 0) await rm(path, { force: true });
    if (!isKept) continue;
    files.add({
      id,
      owner: batch.owner,
      name: `${batch.id}_${kind}.jsonl`,
      bytes,
      path,
      purpose: "batch_output",
      createdAt,
      expiresAt: keptMs === undefined ? undefined : createdAt + keptMs * 1000,
      isHidden: () => own.look("content-not-found", kind),
    });
  }
}

/** OpenAI API reference, "Batch": what stands in the error file where there is no answer. */
const stopReasons: Readonly<Record<StopStatus, { code: string; message: string }>> = {
  expired: {
    code: "batch_expired",
    message: "This request could not be executed before the completion window expired.",
  },
  cancelled: {
    code: "batch_cancelled",
    message: "This request was not executed because the batch was cancelled.",
  },
};
