import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** A request as it came. */
interface SeenRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A real server that answers as a test says. */
export interface AnsweringServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly seen: readonly SeenRequest[];
  /** How many connections it took. */
  readonly connections: number;
}

/** Answers one request; its whole body is there. */
export type Respond = (
  request: SeenRequest,
  response: ServerResponse,
  message: IncomingMessage,
) => void;

/** Starts a server that ends with the test. */
export async function startAnsweringServer(respond: Respond): Promise<AnsweringServer> {
  const seen: SeenRequest[] = [];
  let connections = 0;
  const server = createServer((message, response) => {
    response.on("error", () => undefined);
    void buffer(message).then(
      (body) => {
        const request = {
          method: message.method,
          path: message.url,
          headers: message.headers,
          body,
        };
        seen.push(request);
        respond(request, response, message);
      },
      () => undefined,
    );
  });
  server.on("connection", () => {
    connections += 1;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    get connections() {
      return connections;
    },
  };
}

/** Answers with JSON. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** An address where nobody listens. */
export async function vacantOrigin(): Promise<string> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}
