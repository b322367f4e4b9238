import type { RequestLine } from "@langbatch/core";
import { headersOf, statusOf, withoutSecrets } from "@langbatch/core/http";
import type { Handler } from "./local-options.js";
import type { Answer, Ask, Question } from "./question.js";
import { unlessAborted } from "./unless-aborted.js";

/**
 * Asks a function in this process. What it throws with an HTTP status, as an SDK does, is that answer; so
 * it is slowed down like an endpoint. A function that ignores its signal goes on unheard.
 */
export function askHandler(handler: Handler): Ask {
  return (question, outerSignal) =>
    unlessAborted(outerSignal, async (signal) => {
      try {
        return toAnswer(await handler(toRequest(question), { signal }));
      } catch (error) {
        signal.throwIfAborted();
        return answerOfError(error);
      }
    });
}

function toRequest({ customId, url, body }: Question): RequestLine {
  return { custom_id: customId, method: "POST", url, body: JSON.parse(body.toString("utf8")) };
}

function toAnswer(value: unknown): Answer {
  // `undefined` where the value has no JSON; the types say otherwise.
  const text: string | undefined = JSON.stringify(value);
  if (text?.startsWith("{")) return { came: "response", status: 200, text };
  const kind = value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
  const found = value === undefined ? "nothing" : kind;
  return {
    came: "thrown",
    message: `\`handler\` returned ${found}. Return the body of the answer, an object as the endpoint's.`,
  };
}

function answerOfError(error: unknown): Answer {
  const status = statusOf(error);
  if (status === undefined || status < 400 || status > 599) {
    return { came: "thrown", message: messageOf(error) };
  }
  const headers = headersOf(error);
  return {
    came: "response",
    status,
    headers,
    requestId: headers?.get("x-request-id") ?? undefined,
    // SDKs write the status before what the service said.
    text: JSON.stringify({
      error: { message: messageOf(error).replace(`${status} `, ""), ...kindOf(error) },
    }),
  };
}

/** How SDKs tell errors apart. */
function kindOf(error: unknown): { readonly type?: unknown; readonly code?: unknown } {
  const { type, code } = error as { readonly type?: unknown; readonly code?: unknown };
  return {
    ...(isPlain(type) && { type }),
    ...(isPlain(code) && { code }),
  };
}

function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}

const mostCharacters = 1000;

/** Never its stack, which tells of the machine. */
function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : textOf(error);
  // Its keys are the function's own; what begins with "Bearer" is known to be one.
  return withoutSecrets(text, []).slice(0, mostCharacters);
}

function textOf(error: unknown): string {
  try {
    return typeof error === "string" ? error : (JSON.stringify(error) ?? String(error));
  } catch {
    return "It threw what has no text.";
  }
}
