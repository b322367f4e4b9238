/**
 * The other processes that work on the same batch, as far as this one has noticed them. Each that
 * begins at the first shard would run after the others through all of them, and lose a race at each:
 * so whoever meets another one goes on somewhere else.
 */
export interface Company {
  /** Notes that another process was faster. */
  meet(): void;
  /** The items in their order; from a random place on, and round, once another process was met. */
  scatter<Item>(items: readonly Item[]): Iterable<Item>;
}

/** The company of a process that has met nobody. `random` gives a number from 0 up, below 1. */
export function openCompany(random: () => number): Company {
  let meetings = 0;
  return {
    meet() {
      meetings += 1;
    },
    *scatter(items) {
      let rest = items;
      let at = 0;
      for (let known = 0; at < rest.length; at += 1) {
        if (known !== meetings) {
          known = meetings;
          const left = rest.slice(at);
          const start = Math.floor(random() * left.length);
          rest = [...left.slice(start), ...left.slice(0, start)];
          at = 0;
        }
        const item = rest[at];
        if (item !== undefined) yield item;
      }
    },
  };
}
