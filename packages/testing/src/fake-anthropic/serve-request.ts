import type { IncomingMessage, ServerResponse } from "node:http";
import type { Reply } from "../fake-http/reply.js";
import { type Asked, type ExchangeContext, serveExchange } from "../fake-http/serve-exchange.js";
import { errorReply, Refusal } from "./anthropic-error.js";
import { newRequestId } from "./ids.js";
import { answerRequest, type RouteContext } from "./routes.js";
import { type KeyRules, workspaceOf } from "./workspaces.js";

/** What serving one request depends on. */
export interface ServeContext extends RouteContext, Pick<ExchangeContext, "takeFault" | "note"> {
  readonly keys: KeyRules;
  readonly now: () => number;
}

/** Answers one HTTP request, or does to it what the test has ordered. Never rejects. */
export async function serveRequest(
  context: ServeContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = newRequestId();
  response.setHeader("date", new Date(context.now()).toUTCString());
  response.setHeader("request-id", requestId);
  const { takeFault, note } = context;
  const answer = (asked: Asked) => answerAs(context, asked, requestId);
  const answerError = (status: number, message = messageOf(status)) =>
    errorReply(status, message, requestId);
  await serveExchange({ takeFault, note, answer, answerError }, request, response);
}

async function answerAs(context: ServeContext, asked: Asked, requestId: string): Promise<Reply> {
  let named: Reply["headers"] = {};
  try {
    const workspace = workspaceOf(asked.headers, context.keys);
    named = { "anthropic-organization-id": workspace.organization };
    if (!asked.headers["anthropic-version"]) {
      throw new Refusal(400, "anthropic-version: header is required");
    }
    return withHeaders(await answerRequest(context, asked, workspace), named);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, message, headers } = error;
    return withHeaders(errorReply(status, message, requestId), { ...named, ...headers });
  }
}

function withHeaders(reply: Reply, headers: Reply["headers"]): Reply {
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

/** In the words of Anthropic API documentation, "Errors". */
function messageOf(status: number): string {
  if (status === 429) return "This request would exceed your account's rate limit.";
  if (status === 529) return "Overloaded";
  return status >= 500 ? "Internal server error" : `The request was refused with status ${status}.`;
}
