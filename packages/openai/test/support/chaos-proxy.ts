import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { drawFault, type Fault } from "./connection-fault.js";
import type { SeededRandom } from "./seeded-random.js";

/** A proxy that spoils the connections through it, until it has done so often enough. */
export interface ChaosProxy {
  /** What to use in place of the server's address. */
  readonly url: string;
  /** What was done so far, oldest first. */
  readonly done: readonly Fault["kind"][];
  /** Breaks every connection, and resolves once nothing is on its way any more. */
  close(): Promise<void>;
}

/** Starts a proxy in front of the server with this address that spoils up to `faults` connections. */
export async function startChaosProxy(
  target: string,
  random: SeededRandom,
  faults: number,
): Promise<ChaosProxy> {
  const { port } = new URL(target);
  const done: Fault["kind"][] = [];
  const sockets = new Set<Socket>();
  const pumping = new Set<Promise<unknown>>();

  /** Whether a fault may happen now; then it counts. */
  function take({ kind }: Fault): boolean {
    if (done.length >= faults) return false;
    done.push(kind);
    return true;
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = connect({ port: Number(port), host: "127.0.0.1", allowHalfOpen: true });
    upstream.setNoDelay();
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      // Whoever pumps is told as well; without a listener it would end the process.
      socket.on("error", () => undefined);
    }
    const both = Promise.all(pumps(client, upstream, drawFault(random), take));
    pumping.add(both);
    void both.finally(() => pumping.delete(both));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);

  return {
    url: String(url),
    done,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed, ...pumping]);
    },
  };
}

/**
 * Both directions of one connection. A turn is a request and its answer: it begins with the first
 * bytes of the client after bytes of the server.
 */
function pumps(
  client: Socket,
  upstream: Socket,
  fault: Fault,
  take: (fault: Fault) => boolean,
): [Promise<void>, Promise<void>] {
  let turn = 0;
  let isAnswered = false;
  let isMute = false;
  const isSliced = fault.kind === "slice" && take(fault);
  const isDue = () => turn === fault.turn && fault.kind !== "slice";

  const breakBoth = () => {
    client.resetAndDestroy();
    // Ended and not reset: what was forwarded has to arrive.
    upstream.end();
  };

  async function forward(chunk: Buffer, to: Socket): Promise<void> {
    for (const piece of isSliced ? slices(chunk) : [chunk]) {
      to.write(piece);
      // Far below any settle time in sum: a request is never held and then let go late.
      if (isSliced) await sleep(1 + fault.pauseMs / 100);
    }
  }

  /** @returns whether the connection goes on. */
  async function onRequestBytes(chunk: Buffer): Promise<boolean> {
    const isFirst = isAnswered || turn === 0;
    if (isFirst) {
      turn += 1;
      isAnswered = false;
    }
    if (!isFirst || !isDue() || !fault.kind.endsWith("request") || !take(fault)) {
      if (!isMute) await forward(chunk, upstream);
      return true;
    }
    if (fault.kind === "swallow request") {
      // For ever: the client is left to give up, and the server never hears of it.
      isMute = true;
      return true;
    }
    if (fault.kind === "tear request") upstream.write(part(chunk, fault));
    breakBoth();
    return false;
  }

  async function onAnswerBytes(chunk: Buffer): Promise<boolean> {
    isAnswered = true;
    if (isMute) return true;
    if (!isDue() || !fault.kind.endsWith("answer") || !take(fault)) {
      await forward(chunk, client);
      return true;
    }
    switch (fault.kind) {
      case "hold answer":
        isMute = true;
        return true;
      case "pause in answer":
        client.write(part(chunk, fault));
        await sleep(fault.pauseMs);
        client.write(chunk.subarray(part(chunk, fault).length));
        return true;
      case "pause and reset answer":
        client.write(part(chunk, fault));
        await sleep(fault.pauseMs);
        break;
      case "cut answer":
        client.end(part(chunk, fault));
        upstream.end();
        return false;
      case "tear answer":
        client.write(part(chunk, fault));
        // What was written arrives before the break.
        await sleep(1);
        break;
    }
    breakBoth();
    return false;
  }

  return [
    pump(client, onRequestBytes, () => upstream.end()),
    pump(upstream, onAnswerBytes, () => client.end()),
  ];
}

async function pump(
  from: Socket,
  onBytes: (chunk: Buffer) => Promise<boolean>,
  onEnd: () => void,
): Promise<void> {
  try {
    for await (const chunk of from.iterator({ destroyOnReturn: false })) {
      if (!(await onBytes(chunk))) return;
    }
  } catch {
    // Reset or destroyed, which is an end as well.
  }
  onEnd();
}

/** The first bytes of a chunk: at least one, and not all where there are more. */
function part(chunk: Buffer, { share }: Fault): Buffer {
  return chunk.subarray(0, 1 + Math.floor(share * (chunk.length - 1)));
}

function slices(chunk: Buffer): Buffer[] {
  const length = Math.ceil(chunk.length / 5);
  const pieces: Buffer[] = [];
  for (let from = 0; from < chunk.length; from += length) {
    pieces.push(chunk.subarray(from, from + length));
  }
  return pieces;
}
