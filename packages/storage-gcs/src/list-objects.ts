import { gcsError } from "./gcs-error.js";
import type { Place } from "./place.js";

/** An object, as a list shows it. */
export interface ListedObject {
  readonly name: string;
  readonly generation: string;
}

/** Every object whose name starts with `prefix`, in the order of the names, a page at a time. */
export async function* listObjects(
  place: Place,
  prefix: string,
): AsyncGenerator<ListedObject, void, undefined> {
  const query = { prefix, autoPaginate: false, fields: "items(name,generation),nextPageToken" };
  for (let pageToken: string | undefined, isFirst = true; isFirst || pageToken; isFirst = false) {
    const page = pageToken === undefined ? query : { ...query, pageToken };
    let files: readonly Listed[];
    try {
      const [found, next] = await place.bucket.getFiles(page);
      files = found as readonly unknown[] as readonly Listed[];
      pageToken = (next as { readonly pageToken?: string } | null | undefined)?.pageToken;
    } catch (error) {
      throw gcsError(error, { place, name: prefix, action: "list" });
    }
    for (const { name, generation, metadata } of files) {
      yield { name, generation: String(generation ?? metadata?.generation) };
    }
  }
}

/**
 * With "fields" the SDK gives the objects as the service sent them, and versions before that in its own
 * class, which knows the generation in its metadata only.
 */
interface Listed {
  readonly name: string;
  readonly generation?: string | number;
  readonly metadata?: { readonly generation?: string | number };
}
