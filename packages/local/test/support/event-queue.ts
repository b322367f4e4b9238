/** What happens at a time. */
interface TimedEvent {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Events, earliest first; of those at the same time, the one that was added first. */
export interface EventQueue {
  add(atMs: number, run: () => void): void;
  /** Takes the next one that is before then. */
  takeBefore(endMs: number): TimedEvent | undefined;
}

/** A heap, as a simulated minute has hundreds of thousands. */
export function eventQueue(): EventQueue {
  const heap: TimedEvent[] = [];
  let order = 0;

  const eventAt = (index: number) => heap[index] as TimedEvent;

  function isBefore(one: TimedEvent, other: TimedEvent): boolean {
    return one.atMs === other.atMs ? one.order < other.order : one.atMs < other.atMs;
  }

  function sink(event: TimedEvent): void {
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below + 1 < heap.length && isBefore(eventAt(below + 1), eventAt(below))) below += 1;
      if (below >= heap.length || !isBefore(eventAt(below), event)) break;
      heap[at] = eventAt(below);
      at = below;
    }
    heap[at] = event;
  }

  return {
    add(atMs, run) {
      const event = { atMs, order, run };
      order += 1;
      let at = heap.push(event) - 1;
      for (; at > 0; at = (at - 1) >> 1) {
        const above = eventAt((at - 1) >> 1);
        if (!isBefore(event, above)) break;
        heap[at] = above;
      }
      heap[at] = event;
    },
    takeBefore(endMs) {
      const first = heap[0];
      if (!first || first.atMs >= endMs) return undefined;
      const last = heap.pop();
      if (last && heap.length > 0) sink(last);
      return first;
    },
  };
}
