import { Refusal } from "./google-error.js";

/** On what condition a request is to be done: Cloud Storage, "Request preconditions". */
export interface Preconditions {
  /** `0`: there must be no such object. */
  readonly ifGenerationMatch?: string;
  readonly ifGenerationNotMatch?: string;
  readonly ifMetagenerationMatch?: string;
  readonly ifMetagenerationNotMatch?: string;
}

const names = [
  "ifGenerationMatch",
  "ifGenerationNotMatch",
  "ifMetagenerationMatch",
  "ifMetagenerationNotMatch",
] as const;

/**
 * The preconditions of a query.
 *
 * @throws Refusal where one is no whole number.
 */
export function readPreconditions(query: URLSearchParams): Preconditions {
  const read: Partial<Record<(typeof names)[number], string>> = {};
  for (const name of names) {
    const value = query.get(name);
    if (value === null) continue;
    if (!/^\d{1,19}$/.test(value)) {
      throw new Refusal(400, `Invalid value for ${name}: ${value}`, { reason: "invalidParameter" });
    }
    read[name] = value;
  }
  return read;
}

/** @throws Refusal with 412, as Google words it, where one of them does not hold for the object. */
export function assertPreconditions(
  object: { readonly generation: number; readonly metageneration: number } | undefined,
  preconditions: Preconditions,
): void {
  const generation = String(object?.generation ?? 0);
  const metageneration = String(object?.metageneration ?? 0);
  const { ifGenerationMatch, ifGenerationNotMatch } = preconditions;
  const { ifMetagenerationMatch, ifMetagenerationNotMatch } = preconditions;
  if ((ifGenerationMatch ?? generation) !== generation) throw notMet("ifGenerationMatch");
  if (ifGenerationNotMatch === generation) throw notMet("ifGenerationNotMatch");
  if ((ifMetagenerationMatch ?? metageneration) !== metageneration) {
    throw notMet("ifMetagenerationMatch");
  }
  if (ifMetagenerationNotMatch === metageneration) throw notMet("ifMetagenerationNotMatch");
}

function notMet(name: string): Refusal {
  const message = "At least one of the pre-conditions you specified did not hold.";
  return new Refusal(412, message, { locationType: "header", location: name });
}
