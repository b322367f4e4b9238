import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

const channel = "http.server.request.start";

/**
 * Tells of every request that the server on this port sees, in the moment in which it does and before
 * it does anything with it: what a fake server notes can only be looked up afterwards.
 *
 * @param listener Gets what was asked, without the ids: `POST /batches`, `GET /files/:id/content`.
 * @returns what stops it.
 */
export function onRequest(port: number, listener: (asked: string) => void): () => void {
  function heard(message: unknown): void {
    const { request, socket } = message as { request: IncomingMessage; socket: Socket };
    if (socket.localPort !== port) return;
    const [path = ""] = (request.url ?? "").split("?");
    listener(
      `${request.method} ${path.replace(/^\/v1/, "").replace(/\/(batch_|file-)\w+/, "/:id")}`,
    );
  }
  subscribe(channel, heard);
  return () => void unsubscribe(channel, heard);
}
