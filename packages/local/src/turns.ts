import type { Gate } from "./gate.js";

/** One run's place among those that send through the same gate. */
export interface Turns {
  /**
   * Lets the runs of the gate send what may go, who came first first: after a place is free, a time is
   * over, or there is something new to send.
   */
  serve(): void;
  /** Sends nothing any more. */
  leave(): void;
}

/** Sends what may go. Returns whether the gate is left to others: nothing waits for it. */
type Send = () => boolean;

const queues = new WeakMap<Gate, Set<Send>>();

/**
 * Joins those that send through a gate, at the end. Who came later only gets what those before leave, so
 * that one job is soon done rather than all of them late.
 */
export function joinTurns(gate: Gate, send: Send): Turns {
  const queue = queues.get(gate) ?? new Set<Send>();
  queues.set(gate, queue);
  queue.add(send);
  return {
    serve() {
      for (const next of queue) {
        if (!next()) return;
      }
    },
    leave() {
      queue.delete(send);
    },
  };
}
