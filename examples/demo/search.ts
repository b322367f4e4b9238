import type { BatchResult, Embeddings } from "@langbatch/core";
import type { Emoji } from "./emojis.js";
import { emojiRequestId, sayings, sayingsId, textsPerRequest } from "./requests.js";

/** A direction in 512 dimensions, of length 1: texts of alike meaning have alike ones. */
export type Vector = readonly number[];

/** What the batch brought home. */
export interface Vectors {
  readonly emojis: readonly { readonly emoji: Emoji; readonly vector: Vector }[];
  readonly sayings: readonly { readonly saying: string; readonly vector: Vector }[];
}

/** Something found, and how alike it is: 1 is the same, 0 has nothing in common. */
export interface Found<Value> {
  readonly value: Value;
  readonly similarity: number;
}

/** Puts the vectors of the results beside what they are of. @throws where one is missing. */
export async function readVectors(
  results: AsyncIterable<BatchResult<Embeddings>>,
  emojis: readonly Emoji[],
): Promise<Vectors> {
  const firsts = new Map<string, number>();
  for (let first = 0; first < emojis.length; first += textsPerRequest) {
    firsts.set(emojiRequestId(first), first);
  }
  const vectors = {
    emojis: [] as Vectors["emojis"][number][],
    sayings: [] as Vectors["sayings"][number][],
  };
  for await (const result of results) {
    if (result.error) {
      throw new Error(
        `The model has no answer to ${result.custom_id}: ${result.error.message} To ask anew: npm run demo -- --fresh`,
      );
    }
    const { custom_id: customId, embeddings } = result;
    const first = firsts.get(customId);
    for (const [at, vector] of embeddings.entries()) {
      const emoji = first === undefined ? undefined : emojis[first + at];
      const saying = customId === sayingsId ? sayings[at] : undefined;
      if (emoji) vectors.emojis.push({ emoji, vector });
      if (saying !== undefined) vectors.sayings.push({ saying, vector });
    }
  }
  return vectors;
}

/** The emoji that mean most nearly what `vector` means, the nearest first. */
export function nearest(vector: Vector, { emojis }: Vectors, count: number): Found<Emoji>[] {
  return emojis
    .map(({ emoji, vector: other }) => ({ value: emoji, similarity: similarity(vector, other) }))
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, count);
}

/** The pairs of emoji that mean most nearly the same, each emoji in one pair at most. */
export function likest({ emojis }: Vectors, count: number): Found<readonly [Emoji, Emoji]>[] {
  const pairs = emojis.flatMap(({ emoji: one, vector }, at) =>
    emojis.slice(at + 1).flatMap(({ emoji: other, vector: otherVector }) => {
      const found = similarity(vector, otherVector);
      // Of half a million pairs, most need not be sorted.
      return found > 0.8 ? [{ value: [one, other] as const, similarity: found }] : [];
    }),
  );
  const taken = new Set<Emoji>();
  return pairs
    .sort((a, b) => b.similarity - a.similarity)
    .filter(({ value }) => {
      if (value.some((emoji) => taken.has(emoji))) return false;
      for (const emoji of value) taken.add(emoji);
      return true;
    })
    .slice(0, count);
}

/** The cosine of the angle between two vectors of length 1. */
function similarity(one: Vector, other: Vector): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}
