import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { json as respond } from "./answering-server.js";

/** A chat request as it came. */
interface AskedRequest {
  /** What the last message says. */
  readonly text: string;
  readonly authorization: string | undefined;
}

/** Says in place of an answer what a test wants. `undefined`: it is answered as usual. */
type Intervene = (
  request: AskedRequest,
) => { readonly status: number; readonly body: object } | "hang" | undefined;

/** An OpenAI-compatible endpoint that remembers what it was asked. */
export interface ModelServer {
  readonly baseURL: string;
  readonly asked: readonly AskedRequest[];
  intervene: Intervene;
  close(): Promise<void>;
}

/** Starts an endpoint that repeats what it is asked, after `latencyMs`. Default: at once. */
export async function startModelServer(latencyMs = 0): Promise<ModelServer> {
  const asked: AskedRequest[] = [];
  const timers = new Set<NodeJS.Timeout>();

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await json(message)) as ChatBody;
    const text = body.messages.at(-1)?.content ?? "";
    const request = { text, authorization: message.headers.authorization };
    asked.push(request);
    const instead = server.intervene(request);
    if (instead === "hang") return;
    if (instead) return respond(response, instead.status, instead.body);
    const timer = setTimeout(() => {
      timers.delete(timer);
      respond(response, 200, completion(body.model, `You said: ${text}`));
    }, latencyMs);
    timers.add(timer);
  }

  const http = createServer((message, response) => {
    response.on("error", () => undefined);
    answer(message, response).catch(() => response.destroy());
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const server: ModelServer = {
    baseURL: `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`,
    asked,
    intervene: () => undefined,
    async close() {
      for (const timer of timers) clearTimeout(timer);
      if (!http.listening) return;
      http.closeAllConnections();
      http.close();
      await once(http, "close");
    },
  };
  return server;
}

interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly content: string }[];
}

/** A chat completion that costs 7 tokens. */
export function completion(model: string, content: string): object {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model,
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
    usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
  };
}
