import type { Gate } from "../../src/gate.js";
import { eventQueue } from "./event-queue.js";
import { everAnswering, type SimulatedEndpoint } from "./simulated-endpoint.js";

/** What came of asking all the time, as fast as the gate allowed. */
export interface Outcome {
  readonly sent: number;
  /** What the endpoint let in. */
  readonly taken: number;
  /** What it turned away. */
  readonly refused: number;
  /** Answers that came in time. */
  readonly answered: number;
  /** The most that were not released at the same time. */
  readonly mostInUse: number;
}

/** A clock, and a client that has always something to ask. */
export interface Simulation {
  readonly now: () => number;
  /** Goes on for so long, without the last moment; tells of that time only. */
  run(gate: Gate, endpoint: SimulatedEndpoint, forMs: number): Outcome;
}

/**
 * Timers go as they do: in whole milliseconds, and never early. A passage is released `keepMs` after
 * its end.
 */
export function simulation(startMs = 0, keepMs = 0): Simulation {
  const events = eventQueue();
  let nowMs = startMs;
  let wakesMs = Number.POSITIVE_INFINITY;
  let endpoint: SimulatedEndpoint = everAnswering(() => 0);
  let parallel = 0;
  let inUse = 0;
  let counts = { sent: 0, taken: 0, refused: 0, answered: 0, mostInUse: 0 };

  function sendAll(gate: Gate): void {
    let delayMs = gate.delayMs(1);
    for (; delayMs === 0; delayMs = gate.delayMs(1)) send(gate);
    const atMs = Math.ceil(nowMs + delayMs);
    if (atMs >= wakesMs) return;
    wakesMs = atMs;
    events.add(atMs, () => {
      if (wakesMs === atMs) wakesMs = Number.POSITIVE_INFINITY;
      sendAll(gate);
    });
  }

  function send(gate: Gate): void {
    const passage = gate.begin(1);
    parallel += 1;
    inUse += 1;
    counts.sent += 1;
    counts.mostInUse = Math.max(counts.mostInUse, inUse);
    const end = endpoint.arrive(nowMs, parallel);
    counts[end.how === "answered" ? "taken" : "refused"] += 1;
    events.add(nowMs + end.latencyMs, () => {
      parallel -= 1;
      if (end.how === "answered") counts.answered += 1;
      passage.end(end);
      events.add(nowMs + keepMs, () => {
        inUse -= 1;
        passage.release();
        sendAll(gate);
      });
      sendAll(gate);
    });
  }

  return {
    now: () => nowMs,
    run(gate, asked, forMs) {
      endpoint = asked;
      counts = { sent: 0, taken: 0, refused: 0, answered: 0, mostInUse: inUse };
      const untilMs = nowMs + forMs;
      sendAll(gate);
      for (let next = events.takeBefore(untilMs); next; next = events.takeBefore(untilMs)) {
        nowMs = next.atMs;
        next.run();
      }
      nowMs = untilMs;
      return counts;
    },
  };
}
