/** How many there were lately, in a fixed amount of memory. */
export interface RecentCount {
  /** So many more, or fewer, at a moment; nothing happens where that is more than a minute ago. */
  add(atMs: number, count: 1 | -1): void;
  /**
   * How many there were a second, up to a moment: within the last second, or as far back, up to a
   * minute, as it takes to find so many that the number means something. `NaN` where that is forgotten.
   */
  perSecond(atMs: number, nowMs: number): number;
}

/** Short, as of the slot in which a time begins only a guess is counted. */
const slotMs = 20;
const slots = 4096;
const shortestMs = 1000;
const longestMs = 64_000;
/** So many say how many there are a second. */
const enough = 20;

/** Nothing has been counted yet. */
export function openRecentCount(): RecentCount {
  const counts = new Uint32Array(slots);
  let startMs = Number.NaN;
  let newest = 0;

  const slotOf = (atMs: number) => Math.floor((atMs - startMs) / slotMs);
  const countIn = (slot: number) => (slot < 0 ? 0 : (counts[slot % slots] ?? 0));

  function countWithin(spanMs: number, end: number): number {
    const begin = Math.max(0, end - spanMs / slotMs);
    const first = Math.floor(begin);
    let count = countIn(first) * (first + 1 - begin);
    for (let slot = first + 1; slot < end; slot += 1) count += countIn(slot);
    return count;
  }

  return {
    add(atMs, count) {
      if (Number.isNaN(startMs)) startMs = atMs;
      const slot = slotOf(atMs);
      const oldest = Math.max(newest + 1, slot - slots + 1);
      for (let empty = oldest; empty <= slot; empty += 1) counts[empty % slots] = 0;
      newest = Math.max(newest, slot);
      if (slot > newest - slots) counts[slot % slots] = countIn(slot) + count;
    },
    perSecond(atMs, nowMs) {
      const slot = slotOf(atMs);
      if (!(slot > newest - slots + longestMs / slotMs)) return Number.NaN;
      // To the end of the slot: how much of it was before that moment nobody knows.
      const end = Math.min(slot + 1, (nowMs - startMs) / slotMs);
      for (let spanMs = shortestMs; ; spanMs *= 2) {
        const isAll = spanMs >= Math.min(longestMs, end * slotMs);
        const count = countWithin(spanMs, end);
        if (isAll || count >= enough) {
          const countedMs = Math.min(spanMs, Math.max(shortestMs, end * slotMs));
          return (count * 1000) / countedMs;
        }
      }
    },
  };
}
