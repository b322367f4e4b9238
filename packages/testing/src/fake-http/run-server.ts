import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that listens. */
export interface RunningServer {
  readonly port: number;
  /** Breaks every open connection, and waits until nothing is being served any more. */
  close(): Promise<void>;
}

/** Serves on a free port of 127.0.0.1. */
export async function runServer(
  serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<RunningServer> {
  // A slow upload is not cut, and a connection is not closed under a client about to reuse it.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 120_000 });
  const serving = new Set<Promise<void>>();
  server.on("request", (request, response) => {
    const served = serve(request, response);
    serving.add(served);
    void served.finally(() => serving.delete(served));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await Promise.all(serving);
    },
  };
}
