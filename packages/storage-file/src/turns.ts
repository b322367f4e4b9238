/** Runs `work` when all earlier work of the same name has ended, well or not. */
export type InTurn = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** A queue for each name, kept only while somebody is in it. */
export function turns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const turn = (last.get(name) ?? Promise.resolve()).then(work, work);
    last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (last.get(name) === turn) last.delete(name);
    }
  };
}
