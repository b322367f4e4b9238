import type { Bucket } from "@google-cloud/storage";
import { LangBatchError } from "@langbatch/core";

/** Where in which bucket a storage lives. */
export interface Place {
  readonly bucket: Bucket;
  /** What every object's name starts with: nothing, or text that ends with "/". */
  readonly prefix: string;
}

/** Leaves room for the longest key core makes: a name has at most 1,024 bytes. */
const maxPrefixBytes = 512;

/**
 * Checks what the user gave. Nothing is asked of the service.
 *
 * @throws `invalid_option`
 */
export function checkedPlace(bucket: unknown, prefix: unknown): Place {
  if (!isBucket(bucket)) {
    throw new LangBatchError(
      "invalid_option",
      'The option "bucket" must be a bucket of @google-cloud/storage: new Storage().bucket("my-bucket").',
    );
  }
  return { bucket, prefix: checkedPrefix(prefix) };
}

/** Recognised by what is called: another copy of the package has another class. */
function isBucket(value: unknown): value is Bucket {
  if (typeof value !== "object" || value === null) return false;
  const { name, file, getFiles, storage } = value as Partial<Record<keyof Bucket, unknown>>;
  return (
    typeof name === "string" &&
    name !== "" &&
    typeof file === "function" &&
    typeof getFiles === "function" &&
    typeof storage === "object"
  );
}

function checkedPrefix(prefix: unknown): string {
  if (prefix === undefined || prefix === "") return "";
  const refused = (why: string) =>
    new LangBatchError(
      "invalid_option",
      `The option "prefix" ${why}. Use names joined by "/": "team/batches".`,
    );
  if (typeof prefix !== "string") throw refused(`is no text but ${typeof prefix}`);
  const shown = JSON.stringify(prefix.slice(0, 200));
  // A lone half of a character would become another one on the way.
  const isUsable = !hasControlCharacter(prefix) && Buffer.from(prefix).toString() === prefix;
  if (!isUsable)
    throw refused(`is ${shown}, which has characters that no object's name should have`);
  const segments = prefix.replace(/\/$/, "").split("/");
  if (segments.some((segment) => segment === "" || segment === "." || segment === "..")) {
    throw refused(`is ${shown}: it starts with "/" or has an empty, "." or ".." part`);
  }
  // Cloud Storage, "Object naming guidelines": the service keeps such names for itself.
  if (segments[0] === ".well-known") throw refused(`is ${shown}, which is reserved`);
  if (Buffer.byteLength(prefix) > maxPrefixBytes) {
    throw refused(`is longer than ${maxPrefixBytes} bytes`);
  }
  return `${segments.join("/")}/`;
}

function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
