import { LangBatchError } from "../errors.js";

const pattern = /^[A-Za-z0-9_-]{1,128}(?:\/[A-Za-z0-9_-]{1,128}){0,7}$/;

/**
 * Refuses a storage key that is not made of safe segments. Every storage calls it first, so that no
 * text from outside ever becomes a path.
 *
 * @throws `invalid_option`
 */
export function assertStorageKey(key: string): void {
  if (pattern.test(key)) return;
  throw new LangBatchError(
    "invalid_option",
    `The storage key ${JSON.stringify(key.slice(0, 200))} is refused: use segments of letters, digits, "_" and "-", joined by "/".`,
  );
}

/**
 * Refuses a prefix that no storage key can start with. Every storage's `list` calls it first.
 *
 * @throws `invalid_option`
 */
export function assertStoragePrefix(prefix: string): void {
  if (prefix !== "") assertStorageKey(prefix.endsWith("/") ? `${prefix}x` : prefix);
}
