import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What an endpoint that is asked too much says. */
export interface Refusal {
  readonly retryAfterSeconds?: number;
}

/** What a fake endpoint does beside answering. */
export interface ChatEndpoint {
  /** How long an answer takes, in milliseconds. What is refused is refused at once. */
  readonly latencyMs: number;
  /**
   * Called with each request as it arrives: with the `user` that it names, and with the header
   * `x-life`, if there is one. Refuses it with what it returns.
   */
  arrived?(user: string, life: string | undefined): Refusal | undefined;
  /** Called as an answer is sent. */
  answered?(): void;
  /** What a GET of `/report` is told. */
  report?(): unknown;
}

/**
 * Serves chat completions, the same one for all, in a process of its own: it sends the address, as a
 * `baseURL`, to the process that forked it, and ends when that one disconnects. The id of an answer
 * is `chatcmpl-<user>`.
 */
export async function serveChat(endpoint: ChatEndpoint): Promise<void> {
  const server = createServer((request, response) => {
    if (request.method === "GET") sendJson(response, 200, JSON.stringify(endpoint.report?.()));
    else void answer(endpoint, request, response);
  });
  // Who is killed while it asks leaves connections behind, and clients keep theirs for the next request.
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  process.once("disconnect", () => {
    server.close();
    server.closeAllConnections();
  });
}

async function answer(
  { latencyMs, arrived, answered }: ChatEndpoint,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  if (body === undefined) return;
  const user = userOf(body);
  const life = request.headers["x-life"];
  const refusal = arrived?.(user, typeof life === "string" ? life : undefined);
  if (refusal) {
    const { retryAfterSeconds } = refusal;
    if (retryAfterSeconds !== undefined) response.setHeader("retry-after", retryAfterSeconds);
    sendJson(response, 429, refusalText);
    return;
  }
  const send = () => {
    answered?.();
    sendJson(response, 200, `{"id":"chatcmpl-${user}",${answerText}`);
  };
  if (latencyMs > 0) setTimeout(send, latencyMs);
  else send();
}

/** `undefined` where it breaks off. Callbacks, since an async iterator costs as much as all the rest. */
function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    request.once("error", () => resolve(undefined));
  });
}

const userKey = '"user":';

/** Also where a space is written before the value. */
function userOf(body: Buffer): string {
  const start = body.indexOf('"', body.lastIndexOf(userKey) + userKey.length) + 1;
  return body.toString("utf8", start, body.indexOf('"', start));
}

function sendJson(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

/** All of an answer but its id. */
const answerText = JSON.stringify({
  object: "chat.completion",
  created: 1_764_288_000,
  model: "local",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: "Neutral: it says what happened, and asks for help." },
      finish_reason: "stop",
    },
  ],
  usage: { prompt_tokens: 80, completion_tokens: 12, total_tokens: 92 },
}).slice(1);

const refusalText = JSON.stringify({
  error: { message: "Too many requests.", type: "rate_limit_error", code: "rate_limit_exceeded" },
});
