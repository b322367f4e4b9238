import type { Gate, PassageEnd } from "../../src/gate.js";

/** How a server takes a request that arrives, with so many on their way there, itself included. */
export interface SimulatedEndpoint {
  arrive(atMs: number, parallel: number): PassageEnd;
}

/** What came of asking all the time, as fast as a gate allowed. */
export interface Outcome {
  readonly sent: number;
  /** Requests that were let in. */
  readonly taken: number;
  /** Answers that were there in time. */
  readonly answered: number;
  readonly refused: number;
  /** The most that were on their way at the same time. */
  readonly mostParallel: number;
}

interface Timed {
  readonly atMs: number;
  readonly order: number;
  run(): void;
}

/** Events in the order of their time; of those at the same, as they came. */
class Queue {
  readonly #heap: Timed[] = [];
  #order = 0;
  add(atMs: number, run: () => void) {
    const event = { atMs, order: this.#order++, run };
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up] as Timed;
      if (!isBefore(event, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = event;
  }
  next(): Timed | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && isBefore(heap[down + 1] as Timed, heap[down] as Timed))
        down += 1;
      if (!isBefore(heap[down] as Timed, last)) break;
      heap[at] = heap[down] as Timed;
      at = down;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(one: Timed, other: Timed): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

export interface Simulation {
  readonly now: () => number;
  run(gate: Gate, endpoint: SimulatedEndpoint, untilMs: number): Outcome;
}

/** A clock, and a client that always has something to ask. */
export function simulation(startMs = 0, keepMs = 0): Simulation {
  const queue = new Queue();
  let nowMs = startMs;
  let sent = 0, taken = 0, answered = 0, refused = 0, parallel = 0, mostParallel = 0;
  let wakeMs = Number.POSITIVE_INFINITY;
  return {
    now: () => nowMs,
    run(gate, endpoint, untilMs) {
      sent = taken = answered = refused = 0;
      mostParallel = parallel;
      function send() {
        for (;;) {
          const delayMs = gate.delayMs(1);
          if (delayMs > 0) {
            // As timers go: in whole milliseconds, and never early.
            const atMs = Math.ceil(nowMs + delayMs);
            if (atMs < wakeMs && delayMs < Infinity) {
              wakeMs = atMs;
              queue.add(atMs, () => { if (wakeMs === atMs) wakeMs = Number.POSITIVE_INFINITY; send(); });
            }
            return;
          }
          const passage = gate.begin(1);
          sent += 1;
          parallel += 1;
          mostParallel = Math.max(mostParallel, parallel);
          const end = endpoint.arrive(nowMs, parallel);
          if (end.how === "answered") taken += 1; 
          queue.add(nowMs + end.latencyMs, () => {
            parallel -= 1;
            if (end.how === "answered") answered += 1; else refused += 1;
            passage.end(end);
            if (keepMs === 0) passage.release();
            else queue.add(nowMs + keepMs, () => { passage.release(); send(); });
            send();
          });
        }
      }
      send();
      for (let event = queue.next(); event; event = queue.next()) {
        if (event.atMs > untilMs) { queue.add(event.atMs, event.run); break; }
        nowMs = event.atMs;
        event.run();
      }
      return { sent, taken, answered, refused, mostParallel };
    },
  };
}
