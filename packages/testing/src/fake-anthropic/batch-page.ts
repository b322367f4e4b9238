import { Refusal } from "./anthropic-error.js";

/** Which page of the list is asked for. */
export interface PageQuery {
  readonly limit: number;
  /** What comes after it in the list, which is older. */
  readonly afterId: string | undefined;
  /** What comes before it in the list, which is newer. */
  readonly beforeId: string | undefined;
}

/** A page of the list, in the order of the list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Whether there are more in the direction that was asked for. */
  readonly hasMore: boolean;
}

/**
 * Reads the query of a list: Anthropic API reference, "List Message Batches".
 *
 * @throws Refusal where it is wrong.
 */
export function readPageQuery({ searchParams }: URL): PageQuery {
  const text = searchParams.get("limit") ?? "20";
  const limit = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(limit)) throw new Refusal(400, "limit: Input should be a valid integer");
  if (limit < 1) throw new Refusal(400, "limit: Input should be greater than or equal to 1");
  if (limit > 1000) throw new Refusal(400, "limit: Input should be less than or equal to 1000");
  const afterId = searchParams.get("after_id") ?? undefined;
  const beforeId = searchParams.get("before_id") ?? undefined;
  if (afterId === undefined || beforeId === undefined) return { limit, afterId, beforeId };
  throw new Refusal(400, "Only one of before_id and after_id may be given.");
}

/**
 * The page of a list that is newest first. A cursor may be of an item that is not shown any more.
 *
 * @throws Refusal where there is no such cursor. What the service says then is not documented.
 */
export function pageOf<Item extends { readonly id: string }>(
  newestFirst: readonly Item[],
  isShown: (item: Item) => boolean,
  { limit, afterId, beforeId }: PageQuery,
): Page<Item> {
  function placeOf(id: string): number {
    const place = newestFirst.findIndex((item) => item.id === id);
    if (place !== -1) return place;
    throw new Refusal(400, `No message batch with id '${id}'.`);
  }

  if (beforeId !== undefined) {
    const newer = newestFirst.slice(0, placeOf(beforeId)).filter(isShown);
    return { items: newer.slice(-limit), hasMore: newer.length > limit };
  }
  const start = afterId === undefined ? 0 : placeOf(afterId) + 1;
  const older = newestFirst.slice(start).filter(isShown);
  return { items: older.slice(0, limit), hasMore: older.length > limit };
}
