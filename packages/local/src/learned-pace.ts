import { openAllowance } from "./allowance.js";
import type { Begun } from "./begun.js";
import type { PassageEnd } from "./gate.js";
import { openRecentCount } from "./recent-count.js";

/** How many requests a second an endpoint takes, as far as it has shown it. */
export interface LearnedPace {
  /** How long until the next one may go, in milliseconds. */
  delayMs(nowMs: number): number;
  /** One goes. */
  begin(nowMs: number): void;
  /** One has ended, `newest` being the number of the one that began last. */
  end(begun: Begun, end: PassageEnd, nowMs: number, newest: number): void;
}

/** Nobody is left alone for longer, whatever is asked for. */
const longestHoldMs = 600_000;
const defaultPauseMs = 250;
/** Each time that nothing was taken between two pauses, the next is so much longer. */
const pauseGrowth = 1.5;
const longestPauseMs = 60_000;
/** Whatever is refused, one request a minute asks whether that is over. */
const slowestPerSecond = 1 / 60;
/** What may go at once, so that timers may be late. */
const burstMs = 50;

/** How far below the limit it goes on, as a part of it. */
const dip = 0.05;
/**
 * How long it takes to come back to the limit, for each millisecond that the refusal cost: trying what
 * is beyond must take a small part of all time, and a limit that was raised must not lie idle for long.
 */
const returnPerCost = 30;
const longestReturnMs = 30_000;
/** How flat the curve is at the limit, and how steep beyond: odd, as it goes through it. */
const steepness = 5;

/**
 * No limit until the first 429. It shows the limit: as many a second as were taken just before. From
 * then on requests are evenly spaced, somewhat below it at first, then for long very near to it, then
 * ever faster: the curve of CUBIC (RFC 9438), flatter at the limit and steeper beyond it, so that one
 * that was raised, or measured too low, is left behind within a minute or two.
 *
 * Nothing goes while the endpoint asks to be left alone or has said that nothing remains, nor for a
 * pause of `shortestPauseMs` (default: 250) after a 429, longer each time that nothing was taken since
 * the pause before.
 */
export function learnedPace(shortestPauseMs: number = defaultPauseMs): LearnedPace {
  const taken = openRecentCount();
  const allowance = openAllowance();
  let heldUntilMs = Number.NEGATIVE_INFINITY;
  let limitPerSecond = Number.POSITIVE_INFINITY;
  /** Where the curve begins, and how long it takes to the limit. */
  let goesOnMs = 0;
  let returnMs = longestReturnMs;
  let pauseMs = shortestPauseMs;
  let isBlocked = false;
  /** The last request that had begun at the latest refusal: that it is refused, too, is no new one. */
  let settled = 0;
  /** How many began after it that were not turned away. */
  let takenSince = 0;
  /** The latest refusal, and how things were before it. */
  let refusal = { atMs: 0, begunMs: 0, after: 0, takenSince, pauseMs, limitPerSecond };

  function perSecond(nowMs: number): number {
    const returned = Math.max(0, nowMs - goesOnMs) / returnMs;
    return limitPerSecond * Math.exp(dip * (returned - 1) ** steepness);
  }

  function hold(fromMs: number, forMs: number): void {
    heldUntilMs = Math.max(heldUntilMs, fromMs + Math.min(forMs, longestHoldMs));
    // One may go as soon as it is over, and not what has been saved up before.
    allowance.pause(heldUntilMs, 1);
  }

  function turnAway({ number, atMs }: Begun): void {
    taken.add(atMs, -1);
    if (number > settled) takenSince -= 1;
    else if (number > refusal.after) refusal.takenSince -= 1;
  }

  function refuse(begun: Begun, nowMs: number, newest: number): void {
    if (begun.number > settled) {
      const atMost = Math.max(limitPerSecond, perSecond(nowMs));
      const before = { after: settled, takenSince, pauseMs, limitPerSecond: atMost };
      refusal = { atMs: nowMs, begunMs: begun.atMs, ...before };
      settled = newest;
      takenSince = 0;
    }
    // Judged again with each one that was on its way at the time: the fewer were taken.
    judge(nowMs);
  }

  function judge(nowMs: number): void {
    isBlocked = refusal.takenSince === 0;
    pauseMs = isBlocked ? Math.min(refusal.pauseMs * pauseGrowth, longestPauseMs) : shortestPauseMs;
    hold(refusal.atMs, pauseMs);
    // Where more were taken than the pace allows, it was what went before that was too much.
    const measured = taken.perSecond(refusal.begunMs, nowMs);
    if (isBlocked) limitPerSecond = refusal.limitPerSecond;
    else if (measured > 0) {
      limitPerSecond = Math.max(slowestPerSecond, Math.min(refusal.limitPerSecond, measured));
    }
    goesOnMs = heldUntilMs;
    returnMs = Math.min((heldUntilMs - refusal.atMs) * returnPerCost, longestReturnMs);
  }

  return {
    delayMs(nowMs) {
      const heldMs = Math.max(0, heldUntilMs - nowMs);
      const pace = perSecond(nowMs + heldMs);
      if (pace === Number.POSITIVE_INFINITY) return heldMs;
      allowance.grow(nowMs + heldMs, pace, Math.max(1, (pace * burstMs) / 1000));
      return heldMs + allowance.delayMs(1);
    },
    begin(nowMs) {
      taken.add(nowMs, 1);
      takenSince += 1;
      allowance.take(1);
      // One alone finds out whether it is over.
      if (isBlocked) hold(nowMs, shortestPauseMs);
      isBlocked = false;
    },
    end(begun, { how, retryAfterMs, hints }, nowMs, newest) {
      if (how !== "answered") turnAway(begun);
      if (retryAfterMs !== undefined) hold(nowMs, retryAfterMs);
      if (hints?.requests?.remaining === 0) hold(nowMs, hints.requests.resetMs);
      if (hints?.tokens?.remaining === 0) hold(nowMs, hints.tokens.resetMs);
      if (how === "rate-limited") refuse(begun, nowMs, newest);
    },
  };
}
