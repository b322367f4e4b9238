import { Refusal } from "./google-error.js";

/** Which bytes of a resumable upload a request brings. */
export interface ContentRange {
  /** Where its first byte belongs; `undefined` where it brings none. */
  readonly start: number | undefined;
  /** The first byte after them; `undefined` where only the end of the body will tell. */
  readonly end: number | undefined;
  /** The size of the whole object; `undefined` where it is not known yet: more will come. */
  readonly total: number | undefined;
}

/**
 * Reads the header of Cloud Storage, "Performing resumable uploads": bytes from one to another, or up
 * to the end of the body, or none; then the size of the whole object, or a star where it is not known
 * yet. Without the header the body is the whole object.
 *
 * @throws Refusal where it is none of these.
 */
export function readContentRange(header: string | undefined): ContentRange {
  if (header === undefined) return { start: 0, end: undefined, total: undefined };
  const [, first, last, size] = /^bytes (?:(\d+)-(\d+|\*)|\*)\/(\d+|\*)$/.exec(header) ?? [];
  if (size === undefined) throw new Refusal(400, `Failed to parse Content-Range header: ${header}`);
  return {
    start: first === undefined ? undefined : Number(first),
    end: last === undefined || last === "*" ? undefined : Number(last) + 1,
    total: size === "*" ? undefined : Number(size),
  };
}
