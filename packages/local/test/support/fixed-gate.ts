import type { Gate, PassageEnd } from "../../src/gate.js";

/** A gate that lets so many go at the same time, and writes down what it is told. */
export interface FixedGate extends Gate {
  /** How many places are taken. */
  readonly taken: number;
  /** The most places that were ever taken. */
  readonly mostTaken: number;
  readonly ends: readonly PassageEnd[];
  /** The estimated tokens of what went. */
  readonly tokens: readonly number[];
  /** What `delayMs` says where there is a place. */
  pauseMs: () => number;
}

export function fixedGate(concurrency: number): FixedGate {
  const ends: PassageEnd[] = [];
  const tokens: number[] = [];
  let taken = 0;
  let mostTaken = 0;

  const gate = {
    concurrency,
    ends,
    tokens,
    pauseMs: () => 0,
    get taken() {
      return taken;
    },
    get mostTaken() {
      return mostTaken;
    },
    delayMs() {
      return taken < concurrency ? gate.pauseMs() : Number.POSITIVE_INFINITY;
    },
    begin(estimate: number) {
      if (gate.delayMs() > 0) throw new Error("Nothing may go at present.");
      taken += 1;
      mostTaken = Math.max(mostTaken, taken);
      tokens.push(estimate);
      let hasEnded = false;
      let isReleased = false;
      return {
        end(how: PassageEnd) {
          if (hasEnded) throw new Error("It has ended already.");
          hasEnded = true;
          ends.push(how);
        },
        release() {
          if (!hasEnded || isReleased) throw new Error("It has not ended, or is released already.");
          isReleased = true;
          taken -= 1;
        },
      };
    },
  };
  return gate;
}
