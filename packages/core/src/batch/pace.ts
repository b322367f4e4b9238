import type { RequestCounts } from "./status.js";

/** How fast requests are done, by the looks of one process. */
export interface Pace {
  /** Notes what a look has shown at a time, in milliseconds. */
  note(now: number, counts: RequestCounts): void;
  /** How long what is pending takes, in milliseconds; `undefined` where nothing tells. */
  remainingMs(now: number, pending: number): number | undefined;
}

/** Of how many changes the pace is taken: what was long ago says little. */
const mostChanges = 20;
/** Two changes are three points: the first look does not show when its count came to be. */
const fewestPoints = 3;

interface Point {
  readonly at: number;
  readonly done: number;
}

/** A pace of which nothing is known yet. */
export function openPace(): Pace {
  let points: Point[] = [];
  return {
    note(now, { total, pending }) {
      const done = total - pending;
      const last = points.at(-1);
      // A new round asks again for what had counted as done.
      if (last && done < last.done) points = [];
      if (last?.done === done) return;
      points = [...points, { at: now, done }].slice(-mostChanges);
    },
    remainingMs(now, pending) {
      const [first] = points;
      const last = points.at(-1);
      if (pending === 0) return 0;
      if (!first || !last || points.length < fewestPoints || now <= first.at) return undefined;
      // Up to now, not to the last change: where nothing moves any more, the rest takes longer.
      return Math.ceil((pending * (now - first.at)) / (last.done - first.done));
    },
  };
}
