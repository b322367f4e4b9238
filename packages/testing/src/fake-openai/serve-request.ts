import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Reply } from "../fake-http/reply.js";
import { type Asked, type ExchangeContext, serveExchange } from "../fake-http/serve-exchange.js";
import { accountHeaders, accountOf, type KeyRules } from "./accounts.js";
import { askedBelow } from "./dialects/asked-below.js";
import type { Dialect } from "./dialects/dialect.js";
import { newRequestId } from "./ids.js";
import { errorReply, Refusal } from "./reply.js";
import { answerRequest, type RouteContext } from "./routes.js";

/** What serving one request depends on. */
export interface ServeContext extends RouteContext, Pick<ExchangeContext, "takeFault" | "note"> {
  readonly keys: KeyRules;
}

/** Answers one HTTP request, or does to it what the test has ordered. Never rejects. */
export async function serveRequest(
  context: ServeContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader("date", new Date(context.now()).toUTCString());
  response.setHeader("x-request-id", newRequestId());
  const { takeFault, note } = context;
  const answer = (asked: Asked) => answerAs(context, asked);
  await serveExchange({ takeFault, note, answer, answerError }, request, response);
}

async function answerAs(context: ServeContext, { url, ...asked }: Asked): Promise<Reply> {
  const { dialect, keys } = context;
  let named: Reply["headers"] = {};
  try {
    const account = accountOf(authorizationOf(asked.headers, dialect), keys);
    if (dialect.namesAccounts) named = accountHeaders(account);
    const below = askedBelow(asked.method, url, dialect);
    return withHeaders(await answerRequest(context, { ...asked, ...below, account }), named);
  } catch (error) {
    if (error instanceof Refusal) return withHeaders(error.reply, named);
    throw error;
  }
}

function answerError(status: number, message: string = messageOf(status)): Reply {
  return errorReply(status, message, status === 429 ? { code: "rate_limit_exceeded" } : {});
}

/** The answer, with the headers that say who was answered. */
function withHeaders(reply: Reply, headers: Reply["headers"]): Reply {
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

/** A key may come in a header of its own. */
function authorizationOf(headers: IncomingHttpHeaders, { keyHeader }: Dialect): string | undefined {
  const key = keyHeader && headers[keyHeader];
  return typeof key === "string" ? `Bearer ${key}` : headers.authorization;
}

function messageOf(status: number): string {
  if (status === 429) return "Rate limit reached for requests.";
  return status >= 500
    ? "The server had an error while processing your request."
    : `The request was refused with status ${status}.`;
}
