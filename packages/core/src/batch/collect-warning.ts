import type { JobRecord } from "./records.js";

/** From how long before the end on somebody is told. */
const noticeMs = 7 * 86_400_000;

/**
 * What is said while results that nobody has fetched are about to be deleted by the provider, or may
 * be already; `undefined` where none are.
 */
export function collectWarning(
  batchId: string,
  jobs: readonly JobRecord[],
  now: number,
): string | undefined {
  let first: number | undefined;
  for (const record of jobs) {
    if (record.state !== "terminal" || record.job.collectBy === undefined) continue;
    first = Math.min(first ?? record.job.collectBy, record.job.collectBy);
  }
  if (first === undefined || now < first - noticeMs) return undefined;
  const until = new Date(first).toISOString();
  return now < first
    ? `Results of batch ${batchId} are paid for and not home yet, and the provider keeps them until ${until}. Call getResults() or wait().`
    : `Results of batch ${batchId} were not fetched, and the provider kept them until ${until} only. Call getResults() to save what is still there.`;
}
