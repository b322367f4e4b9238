import type { IncomingMessage, ServerResponse } from "node:http";
import type { Reply } from "../fake-http/reply.js";
import { type Asked, type ExchangeContext, serveExchange } from "../fake-http/serve-exchange.js";
import { errorReply, Refusal, textErrorReply } from "./google-error.js";
import { answerRequest, type RouteContext } from "./routes.js";

/** What serving one request depends on. */
export interface ServeContext extends RouteContext, Pick<ExchangeContext, "takeFault" | "note"> {
  /** The only token that is let in; `undefined` where nobody is asked for one. */
  readonly accessToken: string | undefined;
}

/** Answers one HTTP request, or does to it what the test has ordered. Never rejects. */
export async function serveRequest(
  context: ServeContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { takeFault, note } = context;
  const answer = (asked: Asked) => answerAs(context, asked);
  await serveExchange({ takeFault, note, answer, answerError }, request, response);
}

async function answerAs(context: ServeContext, asked: Asked): Promise<Reply> {
  try {
    assertLetIn(context.accessToken, asked.headers.authorization, asked.url);
    return await answerRequest(context, asked);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const isDownload = asked.url.searchParams.get("alt") === "media";
    if (isDownload) return textErrorReply(error.status, error.message);
    return errorReply(error.status, error.message, error.details);
  }
}

function answerError(status: number, message: string = messageOf(status)): Reply {
  return errorReply(status, message);
}

/**
 * Who knows the address of an upload session needs no token: Cloud Storage, "Resumable uploads",
 * "Session URIs".
 */
function assertLetIn(token: string | undefined, authorization: string | undefined, url: URL): void {
  if (token === undefined || url.searchParams.has("upload_id")) return;
  if (authorization === `Bearer ${token}`) return;
  const place = { locationType: "header", location: "Authorization" };
  if (authorization === undefined) {
    const message = "Anonymous caller does not have access to the Google Cloud Storage object.";
    throw new Refusal(401, message, { reason: "required", ...place });
  }
  throw new Refusal(401, "Invalid Credentials", place);
}

/** In the words of Cloud Storage JSON API, "HTTP status and error codes". */
function messageOf(status: number): string {
  if (status === 429) {
    return "The object exceeded the rate limit for object mutation operations (create, update, and delete). Please reduce your request rate.";
  }
  if (status === 403) return "The caller does not have the permission that this request needs.";
  if (status >= 500) return "We encountered an internal error. Please try again.";
  return `The request was refused with status ${status}.`;
}
