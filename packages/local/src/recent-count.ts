/** How many there were lately, in a fixed amount of memory. */
export interface RecentCount {
  /** So many more, or fewer, at a moment; where that is a minute ago or longer, nothing happens. */
  add(atMs: number, count: number): void;
  /**
   * How many there were a second, up to a moment: over the last second, or as far back, up to a minute,
   * as it takes to find enough of them for the number to mean something. `NaN` where none is known.
   */
  perSecond(atMs: number, nowMs: number): number;
}

const slotMs = 20;
const slots = 4096;
/** What is left of the ring where the newest slot and the one that is counted in part are not. */
const longestMs = (slots - 2) * slotMs;
const shortestMs = 1000;
/** So many say how many there are a second. */
const enough = 20;
/** The first ones, all at once, would be infinitely many a second. */
const leastMs = Number(process.env.LEAST ?? 250);

/** Nothing has been counted yet. */
export function openRecentCount(): RecentCount {
  const counts = new Float64Array(slots);
  let startMs = Number.NaN;
  let newest = 0;

  const slotOf = (atMs: number) => Math.floor((atMs - startMs) / slotMs);

  function countIn(slot: number): number {
    return slot < 0 || slot > newest ? 0 : (counts[slot % slots] ?? 0);
  }

  /** Of the slot in which the time begins, the part that is in it. */
  function countWithin(spanMs: number, endMs: number): number {
    const begin = (endMs - spanMs - startMs) / slotMs;
    const first = Math.floor(begin);
    let count = countIn(first) * (first + 1 - begin);
    const last = Math.ceil((endMs - startMs) / slotMs);
    for (let slot = first + 1; slot < last; slot += 1) count += countIn(slot);
    return count;
  }

  return {
    add(atMs, count) {
      if (Number.isNaN(startMs)) startMs = atMs;
      const slot = slotOf(atMs);
      if (slot >= newest + slots) counts.fill(0);
      else for (let next = newest + 1; next <= slot; next += 1) counts[next % slots] = 0;
      newest = Math.max(newest, slot);
      if (slot > newest - slots) counts[slot % slots] = countIn(slot) + count;
    },
    perSecond(atMs, nowMs) {
      const slot = slotOf(atMs);
      if (Number.isNaN(slot) || slot < newest - slots/2) return Number.NaN;
      // To the end of the slot: how many of it were before the moment nobody knows.
      const endMs = Math.min(nowMs, startMs + (slot + 1) * slotMs);
      const knownMs = Math.min(endMs - startMs, longestMs);
      for (let spanMs = shortestMs; ; spanMs *= 2) {
        const count = countWithin(Math.min(spanMs, knownMs + slotMs), endMs);
        if (count >= enough || spanMs >= knownMs) {
          return (count * 1000) / Math.max(leastMs, Math.min(spanMs, knownMs));
        }
      }
    },
  };
}
