import type { Ports } from "./ports.js";

/**
 * Time as one life counts it, in milliseconds since 1970: it begins with the wall clock and goes on
 * with the one that never jumps. Nobody who sets the clock cuts a settle window short; where the
 * machine sleeps, it only becomes longer.
 */
export function openClock({ now, elapsed }: Ports): () => number {
  const start = now() - elapsed();
  return () => Math.floor(start + elapsed());
}

/**
 * How long ago this was called, by whichever clock says more: the wall clock may be set back, and the
 * other one stands still while the machine sleeps.
 */
export function startStopwatch({ now, elapsed }: Ports): () => number {
  const nowAtStart = now();
  const elapsedAtStart = elapsed();
  return () => Math.max(now() - nowAtStart, elapsed() - elapsedAtStart);
}

/** The earliest of any number of times; `undefined` where there is none. */
export function earliest(times: readonly number[]): number | undefined {
  if (times.length === 0) return undefined;
  return times.reduce((earlier, time) => Math.min(earlier, time));
}

/** Sleeps until a time of the life's own clock. */
export async function sleepUntil(
  { ports, now }: { readonly ports: Ports; readonly now: () => number },
  time: number,
  signal?: AbortSignal,
): Promise<void> {
  await ports.sleep(Math.max(0, time - now()), signal);
}

/** As {@link sleepUntil}, but wakes up early when there is news. */
export async function sleepUntilNews(
  life: { readonly ports: Ports; readonly now: () => number },
  time: number,
  news: Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const woken = new AbortController();
  const wake = () => woken.abort();
  news.then(wake, wake);
  signal?.addEventListener("abort", wake, { once: true });
  if (signal?.aborted) wake();
  try {
    await sleepUntil(life, time, woken.signal);
  } catch (error) {
    if (!woken.signal.aborted) throw error;
  } finally {
    signal?.removeEventListener("abort", wake);
  }
  signal?.throwIfAborted();
}
