import type { Dialect, Shown } from "./dialect.js";
import { errorOfAnswer } from "./failed-row.js";
import { isoTimes } from "./iso-times.js";
import { compatible } from "./openai.js";

/**
 * Together: npm `together-ai` 0.52.0, `resources/batches.d.ts`; uploads, rows and limits by its
 * documentation, "Run a batch job". Its lines need neither method nor url; ours have both.
 */
export const together: Dialect = {
  ...compatible,
  uploadPath: "/files/upload",
  fileNameField: "file_name",
  filePurpose: "batch-api",
  maxFileBytes: 100_000_000,
  endpoints: ["/v1/chat/completions"],
  metadata: "dropped",
  maxIdLength: 64,
  list: "bare",
  showBatch(batch) {
    const { metadata: _m, request_counts: _r, usage: _u, errors, object: _o, ...shown } = batch;
    const [first] = (errors as { readonly data?: readonly Shown[] } | null)?.data ?? [];
    return {
      ...isoTimes(shown),
      status: statuses.get(String(batch.status)) ?? String(batch.status).toUpperCase(),
      ...(first && { error: first.message }),
    };
  },
  showCreated: (job) => ({ job }),
  showRow(row) {
    const { custom_id, response, error } = row;
    if (error) return { custom_id, error };
    const failure = errorOfAnswer(row);
    if (failure) return { custom_id, error: failure };
    const { request_id: _none, ...answer } = response as Shown;
    return { custom_id, response: answer };
  },
};

/** It has no word for the one; the other, which it does not document, is as in recorded answers. */
const statuses: ReadonlyMap<string, string> = new Map([
  ["finalizing", "IN_PROGRESS"],
  ["cancelling", "CANCELING"],
]);
