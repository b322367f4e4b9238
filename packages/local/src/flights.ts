import type { Attempt } from "./attempt.js";
import type { Gate, Passage } from "./gate.js";
import type { LocalPorts } from "./local-options.js";
import type { Answer, Ask } from "./question.js";

/** One request on its way. */
export interface Flight {
  readonly attempt: Attempt;
  readonly passage: Passage;
  /** By `ports.elapsed`. */
  readonly beganAt: number;
  readonly controller: AbortController;
}

/** The requests on their way. */
export interface Flights {
  /** Asks. Only where the gate says that it may. */
  begin(attempt: Attempt, now: number): void;
  /** Ends those that have taken too long, with the answer `timeout`. */
  expire(now: number): void;
  /**
   * Ends all of them. What becomes of them after that is nobody's, and their places are free at once:
   * they may never settle.
   */
  abort(reason: unknown): void;
  readonly size: number;
  /** When the oldest began; `Infinity` where there is none. */
  readonly oldestBeganAt: number;
}

/** How requests are asked, and who is told of their ends. */
export interface FlightOptions {
  readonly ask: Ask;
  readonly gate: Gate;
  readonly elapsed: LocalPorts["elapsed"];
  /** How long one may take, in milliseconds. */
  readonly timeoutMs: number;
  /** An answer is there. Called once for each, and never after `abort`. */
  answered(flight: Flight, answer: Answer): void;
  /** Asking itself is broken, which it never should be, or `answered` threw. */
  failed(error: unknown): void;
}

/** Nothing on its way yet. */
export function openFlights(options: FlightOptions): Flights {
  const { ask, gate, elapsed, timeoutMs, answered, failed } = options;
  // In the order in which they began: all have the same time, so the first is the first to be too late.
  const onTheWay = new Set<Flight>();

  /** What ended otherwise by now has had its answer. */
  function land(flight: Flight, answer: Answer): void {
    if (!onTheWay.delete(flight)) return;
    try {
      answered(flight, answer);
    } catch (error) {
      failed(error);
    }
  }

  function free({ passage, beganAt }: Flight, now: number): void {
    passage.end({ how: "failed", latencyMs: now - beganAt });
    passage.release();
  }

  function oldest(): Flight | undefined {
    return onTheWay.values().next().value;
  }

  return {
    begin(attempt, now) {
      const passage = gate.begin(attempt.tokens);
      const flight = { attempt, passage, beganAt: now, controller: new AbortController() };
      onTheWay.add(flight);
      ask(attempt.question, flight.controller.signal).then(
        (answer) => land(flight, answer),
        (error: unknown) => {
          if (!onTheWay.delete(flight)) return;
          free(flight, elapsed());
          failed(error);
        },
      );
    },
    expire(now) {
      for (const flight of onTheWay) {
        if (now - flight.beganAt < timeoutMs) return;
        flight.controller.abort(new DOMException("The request took too long.", "TimeoutError"));
        land(flight, { came: "timeout" });
      }
    },
    abort(reason) {
      const now = elapsed();
      for (const flight of onTheWay) {
        free(flight, now);
        flight.controller.abort(reason);
      }
      onTheWay.clear();
    },
    get size() {
      return onTheWay.size;
    },
    get oldestBeganAt() {
      return oldest()?.beganAt ?? Number.POSITIVE_INFINITY;
    },
  };
}
