import type { Job, JobFailure, JobStatus } from "@langbatch/core";
import type { OpenAIBatch, OpenAIBatchError } from "./openai-api.js";

/** The metadata key that carries our tag. */
export const tagKey = "langbatch";

const statuses: ReadonlyMap<string, JobStatus> = new Map<string, JobStatus>([
  ["validating", "validating"],
  ["in_progress", "in_progress"],
  ["finalizing", "finalizing"],
  ["completed", "completed"],
  ["failed", "failed"],
  ["expired", "expired"],
  ["cancelling", "cancelling"],
  ["cancelled", "cancelled"],
  // Other spellings, seen at services that speak the same API.
  ["canceling", "cancelling"],
  ["canceled", "cancelled"],
  ["progress", "in_progress"],
]);

/** OpenAI's batch as a job. `account` says whose it is. */
export function toJob(batch: OpenAIBatch, account: string): Job {
  const rawStatus = String(batch.status ?? "");
  const tag = batch.metadata?.[tagKey];
  const counts = toCounts(batch);
  const failure = toFailure(errorsOf(batch));
  const inputId = batch.input_file_id || batch.input_blob;
  const outputFileId = batch.output_file_id || batch.output_blob;
  const errorFileId = batch.error_file_id || batch.error_blob;
  return {
    id: batch.id,
    status: toStatus(rawStatus),
    rawStatus,
    createdAt: toMilliseconds(batch.created_at),
    account,
    ...(typeof tag === "string" && { tag }),
    ...(inputId && { inputId }),
    ...(batch.endpoint && { endpoint: toEndpoint(batch.endpoint) }),
    ...(counts && { counts }),
    ...(failure && { failure }),
    // An id may be there before its file is, and empty where there is none: only truth is kept.
    detail: { ...(outputFileId && { outputFileId }), ...(errorFileId && { errorFileId }) },
  };
}

/** Azure shows `/chat/completions` of what was created with `/v1/chat/completions` (its samples). */
function toEndpoint(shown: string): string {
  return /^\/v\d+\//.test(shown) ? shown : `/v1${shown.startsWith("/") ? "" : "/"}${shown}`;
}

function errorsOf({ errors, error }: OpenAIBatch): readonly OpenAIBatchError[] {
  const listed = readErrors(errors);
  return listed.length > 0 ? listed : readErrors(error);
}

function readErrors(said: OpenAIBatch["errors"]): readonly OpenAIBatchError[] {
  if (typeof said === "string" && said !== "") return [{ message: said }];
  if (typeof said !== "object" || said === null) return [];
  if (isList(said)) return said.flatMap((one) => readErrors(one));
  if ("data" in said) return readErrors(said.data);
  // An envelope with nothing in it is no error.
  return "message" in said || "code" in said ? [said] : [];
}

function isList<Item>(value: readonly Item[] | object): value is readonly Item[] {
  return Array.isArray(value);
}

/** A word that is not known yet means that it goes on: nobody reads half a file because of it. */
export function toStatus(raw: string): JobStatus {
  return statuses.get(raw.toLowerCase()) ?? "in_progress";
}

function toMilliseconds(created: OpenAIBatch["created_at"]): number {
  if (typeof created === "number") return created * 1000;
  return (typeof created === "string" && Date.parse(created)) || 0;
}

function toCounts({ request_counts: counts }: OpenAIBatch): Job["counts"] | undefined {
  if (typeof counts?.total !== "number") return undefined;
  return { total: counts.total, completed: counts.completed ?? 0, failed: counts.failed ?? 0 };
}

/** Codes of jobs that failed for another reason than their requests. */
const kinds: ReadonlyMap<string, JobFailure["kind"]> = new Map<string, JobFailure["kind"]>([
  ["token_limit_exceeded", "quota"],
  ["billing_hard_limit_reached", "account"],
  ["insufficient_quota", "account"],
  ["server_error", "provider"],
  ["internal_error", "provider"],
]);

function toFailure(errors: readonly OpenAIBatchError[]): JobFailure | undefined {
  const [first] = errors;
  if (!first) return undefined;
  const code = String(first.code || "unknown_error");
  const place = typeof first.line === "number" ? `Line ${first.line}: ` : "";
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  const message = `${place}${first.message || "The provider gave no reason."}${more}`;
  return { kind: kinds.get(code) ?? "input", code, message };
}
