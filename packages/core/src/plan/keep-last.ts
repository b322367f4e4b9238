/**
 * The same values, of which the last `count` come together, after `tell` was told of them, or all
 * where there are fewer. Of what comes earlier it is certain that so many more follow.
 */
export async function* keepLast<Value>(
  source: AsyncIterable<readonly Value[]>,
  count: number,
  tell: (last: readonly Value[]) => void,
): AsyncGenerator<readonly Value[]> {
  let kept: readonly Value[] = [];
  for await (const some of source) {
    const known = [...kept, ...some];
    const certain = Math.max(known.length - count, 0);
    kept = known.slice(certain);
    if (certain > 0) yield known.slice(0, certain);
  }
  tell(kept);
  yield kept;
}
