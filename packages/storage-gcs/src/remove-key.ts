import { LangBatchError } from "@langbatch/core";
import { addressOf } from "./asked.js";
import { deleteGeneration } from "./delete-generation.js";
import { blobName, recordName, stemOf } from "./layout.js";
import { listObjects } from "./list-objects.js";
import type { Place } from "./place.js";

/** Removes the record and the blob of a key, as far as they are there. */
export async function removeKey(place: Place, key: string): Promise<void> {
  const names = [recordName(place, key), blobName(place, key)];
  /** What was not deleted because somebody wrote it in between, with the generation it had before. */
  const missed = new Map<string, string>();
  for (let isDone = false; !isDone; ) {
    isDone = true;
    // One list instead of two questions: it brings the generations, too.
    for await (const { name, generation } of listObjects(place, stemOf(place, key))) {
      if (!names.includes(name)) continue;
      const asked = { place, name, action: "delete" } as const;
      if (missed.get(name) === generation) {
        throw new LangBatchError(
          "storage_failed",
          `${addressOf(asked)} could not be deleted: it is said to have changed, and has not. Try again.`,
          { retryable: true },
        );
      }
      if (await deleteGeneration(generation, asked)) continue;
      missed.set(name, generation);
      isDone = false;
    }
  }
}
