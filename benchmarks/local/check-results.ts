import { customIdAt } from "../make-chat-file.js";
import { parsedLines } from "./parsed-lines.js";

interface ResultLine {
  readonly custom_id: string;
  readonly response: {
    readonly status_code: number;
    readonly body: { readonly id: string };
  } | null;
}

/**
 * Sees that a results file holds exactly one result for each request, the answer to that request.
 *
 * @throws where it does not: what loses requests, or mixes them up, need not be measured.
 */
export async function checkResults(path: string, requests: number): Promise<void> {
  const missing = new Set<string>();
  for (let number = 0; number < requests; number += 1) missing.add(customIdAt(number));
  for await (const line of parsedLines<ResultLine>(path)) {
    const { custom_id, response } = line;
    const isRight = response?.status_code === 200 && response.body.id === `chatcmpl-${custom_id}`;
    if (isRight && missing.delete(custom_id)) continue;
    throw new Error(`There is a line too many, or a wrong one: ${JSON.stringify(line)}`);
  }
  if (missing.size > 0) throw new Error(`${missing.size} of ${requests} results are missing.`);
}
