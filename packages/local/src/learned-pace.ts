import { openAllowance } from "./allowance.js";
import type { Begun } from "./begun.js";
import type { PassageEnd } from "./gate.js";
import { openRecentCount } from "./recent-count.js";

export interface LearnedPace {
  delayMs(nowMs: number): number;
  begin(nowMs: number): void;
  end(begun: Begun, end: PassageEnd, nowMs: number, newest: number): void;
}

const longestHoldMs = 600_000;
const longestPauseMs = 60_000;
const pauseGrowth = Number(process.env.PG ?? 1.5);
const dip = Number(process.env.DIP ?? 0.04);
const plateauMs = Number(process.env.PLATEAU ?? 25_000);
const fast = Number(process.env.FAST ?? 1);
const burstMs = 50;

export function learnedPace(shortestPauseMs = 250): LearnedPace {
  const admitted = openRecentCount();
  const allowance = openAllowance();
  let ceiling = Number.POSITIVE_INFINITY;
  let heldUntilMs = Number.NEGATIVE_INFINITY;
  let pauseMs = shortestPauseMs;
  let isOpen = true;
  // judgement
  let judged = 0;
  let judgedAtMs = 0;
  let before = ceiling;
  let isLower = false;
  let growsFromMs = 0;

  function perSecond(nowMs: number): number {
    if (ceiling === Number.POSITIVE_INFINITY) return ceiling;
    if (process.env.LINEAR) {
      const t = Math.max(0, nowMs - growsFromMs) / 1000;
      return ceiling * (1 - dip) * 1.01 ** Math.min(t, 10) * 1.1 ** Math.max(0, t - 10);
    }
    const t = Math.max(0, nowMs - growsFromMs) / plateauMs;
    return ceiling * Math.exp(dip * (t - 1) ** 3);
  }

  function hold(nowMs: number, forMs: number) {
    heldUntilMs = Math.max(heldUntilMs, nowMs + Math.min(forMs, longestHoldMs));
  }

  function refused(begun: Begun, nowMs: number, newest: number, end: PassageEnd) {
    if (begun.number > judged) {
      pauseMs = isOpen ? shortestPauseMs : Math.min(pauseMs * pauseGrowth, longestPauseMs);
      isOpen = false;
      const rate = perSecond(nowMs);
      isLower = rate < ceiling;
      before = Math.max(ceiling, rate);
      judged = newest;
      judgedAtMs = begun.atMs;
      hold(nowMs, pauseMs);
    }
    const measured = admitted.perSecond(judgedAtMs, nowMs);
    if (measured > 0) ceiling = measured < before && isLower ? measured * fast : Math.min(before, measured);
    if (process.env.TRACE) console.log(nowMs.toFixed(0), "429 of", begun.number, begun.atMs.toFixed(0), "measured", measured.toFixed(1), "before", before.toFixed(1), "ceiling", ceiling.toFixed(1), "pause", pauseMs);
    growsFromMs = Math.max(nowMs + pauseMs, nowMs + (end.retryAfterMs ?? 0));
  }

  return {
    delayMs(nowMs) {
      if (nowMs < heldUntilMs) return heldUntilMs - nowMs;
      const rate = perSecond(nowMs);
      if (rate === Number.POSITIVE_INFINITY) return 0;
      allowance.grow(nowMs, rate, Math.max(1, (rate * burstMs) / 1000));
      return allowance.delayMs(1);
    },
    begin(nowMs) {
      admitted.add(nowMs, 1);
      allowance.take(1);
    },
    end(begun, end, nowMs, newest) {
      if (end.how === "answered") isOpen ||= begun.number > judged;
      else admitted.add(begun.atMs, -1);
      if (end.how === "rate-limited") refused(begun, nowMs, newest, end);
      if (end.retryAfterMs !== undefined) hold(nowMs, end.retryAfterMs);
      if (end.hints?.requests?.remaining === 0) hold(nowMs, end.hints.requests.resetMs);
      if (end.hints?.tokens?.remaining === 0) hold(nowMs, end.hints.tokens.resetMs);
    },
  };
}
