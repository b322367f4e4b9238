import type { ProviderTraits } from "./provider.js";

/** What the requests of one round are called at a provider that restricts ids. */
export interface RoundName {
  /** The batch's nonce, `[a-z0-9]`: nobody else's requests have it. */
  readonly nonce: string;
  readonly round: number;
}

/**
 * Whether requests go by ids of ours at the provider: where it restricts ids, and writes requests in a
 * format of its own. Where lines pass as they are, so do their ids.
 */
export function derivesIds({ wireId, wire }: Pick<ProviderTraits, "wireId" | "wire">): boolean {
  return wireId !== undefined && wire !== undefined;
}

/**
 * The id of one request: `<nonce>R<round>N<ordinal in base 36>`, letters and digits only, at most 40 of
 * them. Derived, so that no map is stored, and undone by the order of the stored input. The round is in
 * it because a later one counts from 0 again.
 */
export function wireIdOf({ nonce, round }: RoundName, ordinal: number): string {
  return `${nonce}R${round}N${ordinal.toString(36)}`;
}

/** What an id of {@link wireIdOf} says. */
export interface ParsedWireId extends RoundName {
  /** The position of the request in its round; the first is 0. */
  readonly ordinal: number;
}

/** What an id says, or `undefined` where it is none of ours. */
export function parseWireId(id: string): ParsedWireId | undefined {
  const [, nonce = "", round, ordinal = ""] =
    /^([a-z0-9]+)R(\d{1,9})N([a-z0-9]{1,9})$/.exec(id) ?? [];
  if (round === undefined) return undefined;
  return { nonce, round: Number(round), ordinal: Number.parseInt(ordinal, 36) };
}
