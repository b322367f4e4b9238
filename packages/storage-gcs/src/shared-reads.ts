/** Runs `read`, or lets the caller share what another caller of the same name reads. */
export type SharedReads<T> = (name: string, read: () => Promise<T>) => Promise<T>;

/**
 * Lets those who read one record at the same time share a request. Who comes while one is under way
 * shares the next, which starts after all of them have asked: nobody is told what was true before.
 */
export function createSharedReads<T>(): SharedReads<T> {
  const underWay = new Map<string, { readonly current: Promise<unknown>; next?: Promise<T> }>();

  function start(name: string, read: () => Promise<T>): Promise<T> {
    const reading = read();
    const entry = { current: reading.catch(() => undefined) };
    underWay.set(name, entry);
    void entry.current.then(() => {
      // Otherwise the next one has started by now.
      if (underWay.get(name) === entry && !("next" in entry)) underWay.delete(name);
    });
    return reading;
  }

  return (name, read) => {
    const entry = underWay.get(name);
    if (!entry) return start(name, read);
    entry.next ??= entry.current.then(() => start(name, read));
    return entry.next;
  };
}
