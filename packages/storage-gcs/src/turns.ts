/**
 * Lets the writes of one record through this storage wait for each other: an object takes about one
 * write per second, and whoever lost a race here need not ask the service to learn it.
 */
export interface Turns {
  /**
   * Runs `write` when all earlier writes of `name` have ended, well or not. It is told the generation
   * that one of them has made while it waited.
   *
   * @returns what `write` returns: the generation it made.
   */
  run(name: string, write: (madeMeanwhile: string | undefined) => Promise<string>): Promise<string>;
}

/** A queue for each name, kept only while somebody is in it. */
export function createTurns(): Turns {
  const queues = new Map<string, { last: Promise<unknown>; made: string | undefined }>();
  return {
    async run(name, write) {
      const queue = queues.get(name) ?? { last: Promise.resolve(), made: undefined };
      const before = queue.last;
      const turn = (async () => {
        await before;
        const generation = await write(queue.made);
        queue.made = generation;
        return generation;
      })();
      // Its failure is told to its caller; whoever waits goes on.
      const ended = turn.catch(() => undefined);
      queue.last = ended;
      queues.set(name, queue);
      try {
        return await turn;
      } finally {
        if (queue.last === ended) queues.delete(name);
      }
    },
  };
}
