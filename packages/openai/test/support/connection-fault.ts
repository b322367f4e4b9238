import type { SeededRandom } from "./seeded-random.js";

/** What goes wrong with one connection. */
export interface Fault {
  readonly kind: /** Broken before a byte of the request is forwarded. */
    | "reset request"
    /** Broken after the first bytes of it are. */
    | "tear request"
    /** Never forwarded, and the connection stays open. */
    | "swallow request"
    /** Broken where the answer should begin: the server has done what was asked. */
    | "reset answer"
    /** Broken within the answer. */
    | "tear answer"
    /** Ended in order within the answer. */
    | "cut answer"
    /** The answer never comes, and the connection stays open. */
    | "hold answer"
    /** The answer stops in the middle for a while. */
    | "pause in answer"
    /** As before, and then the connection is broken. */
    | "pause and reset answer"
    /** Every chunk arrives in pieces, one after the other. */
    | "slice";
  /** At which request of the connection; the first is 1. */
  readonly turn: number;
  /** How much of a chunk comes through where a part does, from 0 to 1. */
  readonly share: number;
  readonly pauseMs: number;
}

/** Draws what goes wrong, and when. */
export function drawFault(random: SeededRandom): Fault {
  return {
    kind: random.pick([
      "reset request",
      "tear request",
      "swallow request",
      "reset answer",
      "reset answer",
      "tear answer",
      "cut answer",
      "hold answer",
      "pause in answer",
      "pause and reset answer",
      "slice",
    ]),
    turn: random.pick([1, 1, 2, 2, 3, 4]),
    share: random.share(),
    pauseMs: random.integer(20, 800),
  };
}
