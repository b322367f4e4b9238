/** How many shards are worked on at the same time: enough to fill a line, few enough for memory. */
export const shardsAtOnce = 4;

/**
 * Does something with every item, with at most `most` of them at a time, in their order. After a
 * failure nothing further begins; what is on its way is waited for, so that nothing goes on unseen.
 *
 * @returns what came of each item.
 * @throws what the first failure threw.
 */
export async function sideBySide<Item, Result>(
  items: Iterable<Item>,
  most: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  const waiting = items[Symbol.iterator]();
  let begun = 0;

  async function goOn(): Promise<void> {
    while (failures.length === 0) {
      const next = waiting.next();
      if (next.done) return;
      const at = begun;
      begun += 1;
      try {
        results[at] = await work(next.value);
      } catch (error) {
        failures.push(error);
      }
    }
  }

  await Promise.all(Array.from({ length: most }, goOn));
  if (failures.length > 0) throw failures[0];
  return results;
}
