import type { IncomingMessage, ServerResponse } from "node:http";
import type { FakeHttpRequest } from "./fake-http-request.js";
import type { FaultAnswer, HttpFault, MatchedRequest } from "./http-fault.js";
import { emptyReply, type Reply, type SendOptions, sendReply } from "./reply.js";

/** One HTTP request, as a service needs it. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: AsyncIterable<Uint8Array>;
}

/** What a server does with the requests that come. */
export interface ExchangeContext {
  /** Does what is asked, and says how it is answered, also where it is refused. */
  answer(asked: Asked): Promise<Reply>;
  /** The service's answer to what went wrong in it. */
  answerError(status: number, message?: string): Reply;
  takeFault(request: MatchedRequest): HttpFault | undefined;
  /** Notes the request; what is known later is written to the same object. */
  note(request: FakeHttpRequest): void;
}

type Seen = { -readonly [Name in keyof FakeHttpRequest]: FakeHttpRequest[Name] };

/** Answers one HTTP request, or does to it what the test has ordered. Never rejects. */
export async function serveExchange(
  context: ExchangeContext,
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

  async function send(reply: Reply, how?: SendOptions): Promise<void> {
    seen.status = reply.status;
    if (!request.readableEnded && !request.destroyed) await drain();
    await sendReply(reply, response, how);
  }

  async function accept(): Promise<Reply> {
    try {
      return await context.answer({ method, url, headers, body: body() });
    } catch (error) {
      if (request.destroyed && !request.complete) throw error;
      return context.answerError(500, `The fake server failed: ${String(error)}`);
    }
  }

  const faulty = (answer: FaultAnswer) => faultReply(answer, context.answerError(answer.status));
  const destroy = () => request.socket.resetAndDestroy();
  try {
    await play(context.takeFault(seen), { accept, send, faulty, drain, destroy });
  } catch {
    // The client has gone; there is nobody to answer.
    response.destroy();
  }
}

interface Exchange {
  /** Does what is asked and returns the answer. */
  accept(): Promise<Reply>;
  send(reply: Reply, how?: SendOptions): Promise<void>;
  faulty(answer: FaultAnswer): Reply;
  /** Reads the body and forgets it. */
  drain(): Promise<void>;
  destroy(): void;
}

async function play(fault: HttpFault | undefined, exchange: Exchange): Promise<void> {
  const { accept, send, faulty, drain, destroy } = exchange;
  switch (fault?.kind) {
    case undefined:
      return send(await accept());
    case "status":
      return send(faulty(fault));
    case "redirect":
      return send(emptyReply(fault.status ?? 307, { location: fault.location }));
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
      return send(faulty(fault));
    case "cut":
      return send(await accept(), { cut: fault.bytes });
    case "break":
      return send(await accept(), { breakAfter: fault.bytes });
    case "corrupt":
      return send(await accept(), { corrupt: true });
  }
}

function faultReply({ status, body, headers }: FaultAnswer, normal: Reply): Reply {
  if (body === undefined) return { ...normal, headers: { ...normal.headers, ...headers } };
  const isText = typeof body === "string";
  const type = isText ? "text/plain" : "application/json";
  return {
    status,
    headers: { "content-type": type, ...headers },
    body: Buffer.from(isText ? body : JSON.stringify(body)),
  };
}

function textHeaders(request: IncomingMessage): Readonly<Record<string, string>> {
  const pairs = Object.entries(request.headersDistinct);
  return Object.fromEntries(pairs.map(([name, values = []]) => [name, values.join(", ")]));
}
