import type { Place } from "./place.js";

/** What was asked of the service; decides which permission an error names. */
export type Action = "create" | "overwrite" | "read" | "list" | "delete";

/** What a request, and an error, is about. */
export interface Asked {
  readonly place: Place;
  /** The object's name; with `list`, what the names start with. */
  readonly name: string;
  readonly action: Action;
}

/** `gs://bucket/name`, as Google's tools write it. */
export function addressOf({ place, name }: Pick<Asked, "place" | "name">): string {
  return `gs://${place.bucket.name}/${name}`;
}
