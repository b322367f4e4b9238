import type { Answer } from "../../src/question.js";

/** What no verdict may show. */
export const canary = "sk-canary/5up3r";

/** Who is asked. */
export const asked = { address: "http://host/v1", secrets: [canary] };

/** An answer with this body, as JSON where it is no text. */
export function response(
  status: number,
  body: unknown = {},
  headers: Record<string, string> = {},
): Answer {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { came: "response", status, headers: new Headers(headers), text };
}

/** OpenAI's envelope. */
export function saying(
  message: string,
  code: string | null = null,
  type = "invalid_request_error",
): object {
  return { error: { message, type, param: null, code } };
}
