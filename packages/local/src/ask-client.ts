import {
  connectionFailure,
  headersOf,
  isRefusedRedirect,
  type Secrets,
  statusOf,
} from "@langbatch/core/http";
import { withoutVersion } from "./endpoint-address.js";
import { mostAnswerBytes } from "./exchange.js";
import type { OpenAIClient } from "./local-options.js";
import { noAnswer } from "./no-answer.js";
import type { Answer, Ask } from "./question.js";
import { isRedirect, refusedRedirect } from "./refused-redirect.js";
import { unlessAborted } from "./unless-aborted.js";

/** What messages call the client's endpoint, and what they may not show. */
interface ClientNames {
  readonly address: string;
  readonly secrets: Secrets;
}

/** Only the signal ends a request; this is the longest that a timer waits (Node.js, `setTimeout`). */
const noTimeoutMs = 2_147_483_647;

/** The SDK would add how long it waits itself, which is not how long we do. */
const headers = { "content-type": "application/json", "x-stainless-timeout": null } as const;

/**
 * Asks through a ready client of npm `openai` (read in 6.49.0 and 7.57.0): its address, key, headers and
 * `fetch`, but none of its retries.
 */
export function askClient(client: OpenAIClient, names: ClientNames): Ask {
  const isParsed = needsParsedBody(client);
  return ({ url, body }, outerSignal) =>
    unlessAborted(outerSignal, async (signal) => {
      const path = withoutVersion(url);
      const redirected = (location?: string | null) =>
        refusedRedirect({ ...names, path, location });
      try {
        const sent = isParsed ? JSON.parse(body.toString("utf8")) : body;
        const fetchOptions = { redirect: "manual" } as const;
        const options = { body: sent, headers, maxRetries: 0, timeout: noTimeoutMs, fetchOptions };
        return await toAnswer(await client.post(path, { ...options, signal }).asResponse());
      } catch (error) {
        signal.throwIfAborted();
        const status = statusOf(error);
        if (status !== undefined && isRedirect(status)) {
          return redirected(headersOf(error)?.get("location"));
        }
        if (status !== undefined) return answerOfError(error, status);
        if (isRefusedRedirect(error)) return redirected();
        return isTimeout(error) ? { came: "timeout" } : noAnswer(error, names);
      }
    });
}

/** Bytes go as they are, except to Azure's client, which reads the deployment out of the body. */
function needsParsedBody(client: OpenAIClient): boolean {
  return "deploymentName" in client;
}

async function toAnswer(response: Response): Promise<Answer> {
  return {
    came: "response",
    status: response.status,
    headers: response.headers,
    requestId: response.headers.get("x-request-id") ?? undefined,
    text: await textOf(response),
  };
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).byteLength;
    if (bytes > mostAnswerBytes) throw new Error("the answer is too long");
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** An answer that the SDK has turned into an error, as far as it kept it. */
function answerOfError(error: unknown, status: number): Answer {
  const answered = headersOf(error);
  return {
    came: "response",
    status,
    headers: answered,
    requestId: answered?.get("x-request-id") ?? undefined,
    text: bodyOfError(error as Error, status),
  };
}

/** It keeps what stood under `error`, and of a body that is no JSON the text, behind the status. */
function bodyOfError(thrown: Error, status: number): string {
  const { error, message } = thrown as Error & { readonly error?: unknown };
  if (error !== undefined && error !== null) return JSON.stringify({ error });
  const text = message.startsWith(`${status} `) ? message.slice(`${status} `.length) : message;
  return text === "status code (no body)" ? "" : text;
}

/**
 * Whether `fetch` gave up waiting; Node's own does so after five minutes that bring nothing. The SDK says
 * no more in its older version, and the same of a connection that took too long, whose cause is kept.
 */
function isTimeout(error: unknown): boolean {
  const { reason } = connectionFailure(error);
  return /^(UND_ERR_(HEADERS|BODY)_TIMEOUT$|Request timed out\.)/.test(reason);
}
