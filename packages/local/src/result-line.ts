import { isSuccessStatus } from "./is-success-status.js";
import type { Result } from "./verdict.js";

/**
 * The journal's line of a request, without a line end: an OpenAI result line. The body of the answer
 * stands in it as it came, numbers that JavaScript cannot hold included.
 *
 * @param id - names the request among all of the journal: `<tag>-<position>`.
 */
export function resultLine(id: string, customId: string, { response, error }: Result): string {
  const head = `{"id":${JSON.stringify(id)},"custom_id":${JSON.stringify(customId)},"response":`;
  return `${head}${response ? responseText(response) : "null"},"error":${JSON.stringify(error)}}`;
}

function responseText({
  status_code: status,
  request_id: requestId,
  body,
}: NonNullable<Result["response"]>): string {
  const request = requestId === undefined ? "" : `,"request_id":${JSON.stringify(requestId)}`;
  return `{"status_code":${status}${request},"body":${body}}`;
}

/** Whether a result is an answer with a 2xx status. */
export function isSuccess({ response, error }: Result): boolean {
  return error === null && isSuccessStatus(response?.status_code);
}
