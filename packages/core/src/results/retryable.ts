import { isRecord } from "../endpoints/endpoint.js";

/**
 * Why a request can never work as it is: codes of OpenAI's API and of those that speak it, and core's
 * own for what a provider would not take (OpenAI's guide to error codes; npm `openai` 7.57.0,
 * `resources/batches.d.ts`). An unknown code may pass: asking once more costs less than an answer
 * that nobody asked for again.
 */
const hopelessCodes: ReadonlySet<string> = new Set([
  "content_filter",
  "content_policy_violation",
  "context_length_exceeded",
  "duplicate_custom_id",
  "invalid_json_line",
  "invalid_model",
  "invalid_prompt",
  "invalid_request",
  "invalid_request_error",
  "invalid_type",
  "invalid_url",
  "invalid_value",
  "missing_required_parameter",
  "model_mismatch",
  "model_not_found",
  "rejected",
  "string_above_max_length",
  "unsupported_parameter",
  "unsupported_value",
]);

/** The statuses below 500 that say "not now" (RFC 9110 and RFC 6585); the others say "never". */
const passingStatuses: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/**
 * Whether asking again for a request may bring a success: it was not reached in time, or the service
 * had trouble. Not where the request itself is wrong, or its content is refused.
 *
 * @param result - a stored result line without a success.
 * @param hopeless - further codes that can never work: of jobs that failed because of their input.
 */
export function isRetryable(result: Buffer, hopeless: ReadonlySet<string> = new Set()): boolean {
  const { response, error }: Record<string, unknown> = JSON.parse(result.toString("utf8"));
  const code = isRecord(error) ? String(error.code) : "";
  if (hopelessCodes.has(code)) return false;
  if (!isRecord(response)) return !hopeless.has(code);
  const status = Number(response.status_code);
  return status < 400 || status >= 500 || passingStatuses.has(status);
}
