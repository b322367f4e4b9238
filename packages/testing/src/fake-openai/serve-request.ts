import type { IncomingMessage, ServerResponse } from "node:http";
import { accountHeaders, accountOf, type KeyRules } from "./accounts.js";
import type { HttpFault } from "./faults.js";
import { newRequestId } from "./ids.js";
import type { FakeHttpRequest } from "./ledger.js";
import { errorReply, Refusal, type Reply, sendReply } from "./reply.js";
import { answerRequest, type RouteContext } from "./routes.js";

/** What serving one request depends on. */
export interface ServeContext extends RouteContext {
  readonly keys: KeyRules;
  takeFault(method: string, path: string): HttpFault | undefined;
  /** Notes the request; what is known later is written to the same object. */
  note(request: FakeHttpRequest): void;
}

type Seen = { -readonly [Name in keyof FakeHttpRequest]: FakeHttpRequest[Name] };

/** Answers one HTTP request, or does to it what the test has ordered. Never rejects. */
export async function serveRequest(
  context: ServeContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "GET", headers } = request;
  const url = new URL(request.url ?? "/", "http://fake.invalid");
  const seen: Seen = {
    method,
    path: url.pathname,
    query: url.search,
    headers: textHeaders(request),
    bytes: 0,
    status: undefined,
  };
  context.note(seen);
  response.setHeader("date", new Date(context.now()).toUTCString());
  response.setHeader("x-request-id", newRequestId());

  async function* body(): AsyncGenerator<Uint8Array> {
    // Not destroyed by whoever stops reading: the answer still needs the connection.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      seen.bytes += chunk.length;
      yield chunk;
    }
  }

  async function drain(): Promise<void> {
    for await (const _ of body()) {
      // Only counted: an answer before the end of an upload would break the client's connection.
    }
  }

  async function send(reply: Reply, how: Parameters<typeof sendReply>[2] = {}): Promise<void> {
    seen.status = reply.status;
    if (!request.readableEnded && !request.destroyed) await drain();
    await sendReply(reply, response, how);
  }

  async function accept(): Promise<Reply> {
    let named: Reply["headers"] = {};
    let reply: Reply;
    try {
      const account = accountOf(headers.authorization, context.keys);
      named = accountHeaders(account);
      reply = await answerRequest(context, { method, url, account, headers, body: body() });
    } catch (error) {
      if (request.destroyed && !request.complete) throw error;
      reply =
        error instanceof Refusal
          ? error.reply
          : errorReply(500, `The fake server failed: ${String(error)}`);
    }
    return { ...reply, headers: { ...reply.headers, ...named } };
  }

  try {
    const fault = context.takeFault(method, url.pathname);
    await play(fault, { accept, send, drain, destroy: () => request.socket.resetAndDestroy() });
  } catch {
    // The client has gone; there is nobody to answer.
    response.destroy();
  }
}

interface Exchange {
  /** Does what is asked and returns the answer. */
  accept(): Promise<Reply>;
  send(reply: Reply, how?: Parameters<typeof sendReply>[2]): Promise<void>;
  /** Reads the body and forgets it. */
  drain(): Promise<void>;
  destroy(): void;
}

async function play(fault: HttpFault | undefined, exchange: Exchange): Promise<void> {
  const { accept, send, drain, destroy } = exchange;
  switch (fault?.kind) {
    case undefined:
      return send(await accept());
    case "status":
      return send(statusReply(fault));
    case "redirect": {
      const { location, status = 307 } = fault;
      return send({ status, headers: { location }, body: Buffer.alloc(0) });
    }
    case "reset":
      return destroy();
    case "hang":
      return drain();
    case "reset-after":
      await accept();
      return destroy();
    case "hang-after":
      await accept();
      return;
    case "error-after":
      await accept();
      return send(statusReply(fault));
    case "cut":
      return send(await accept(), { cut: fault.bytes });
    case "break":
      return send(await accept(), { breakAfter: fault.bytes });
  }
}

function statusReply(fault: {
  readonly status: number;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}): Reply {
  const { status, body } = fault;
  const code = status === 429 ? { code: "rate_limit_exceeded" } : {};
  const normal = errorReply(status, messageOf(status), code);
  const isText = typeof body === "string";
  const type = isText ? "text/plain" : "application/json";
  return {
    status,
    headers: { "content-type": type, ...fault.headers },
    body: body === undefined ? normal.body : Buffer.from(isText ? body : JSON.stringify(body)),
  };
}

function messageOf(status: number): string {
  if (status === 429) return "Rate limit reached for requests.";
  return status >= 500
    ? "The server had an error while processing your request."
    : `The request was refused with status ${status}.`;
}

function textHeaders(request: IncomingMessage): Readonly<Record<string, string>> {
  const pairs = Object.entries(request.headersDistinct);
  return Object.fromEntries(pairs.map(([name, values = []]) => [name, values.join(", ")]));
}
