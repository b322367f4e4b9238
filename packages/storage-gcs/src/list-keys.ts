import { keyOf } from "./layout.js";
import { listObjects } from "./list-objects.js";
import type { Place } from "./place.js";

/** Every key that starts with `prefix`, once each. */
export async function* listKeys(place: Place, prefix: string): AsyncGenerator<string> {
  let last: string | undefined;
  for await (const { name } of listObjects(place, place.prefix + prefix)) {
    const key = keyOf(place, name);
    // A record and a blob may share a key; they follow each other, so one key is all there is to know.
    if (key === undefined || key === last) continue;
    last = key;
    yield key;
  }
}
