import type { Asked } from "./asked.js";
import { gcsError } from "./gcs-error.js";
import { readSdkError } from "./sdk-error.js";

/**
 * Deletes one generation of an object. Always with a precondition: a delete without one is not retried,
 * and another's newer object could be hit.
 *
 * @returns whether it is gone; `false` where the object has another generation by now.
 */
export async function deleteGeneration(generation: string, asked: Asked): Promise<boolean> {
  const file = asked.place.bucket.file(asked.name);
  try {
    await file.delete({ ifGenerationMatch: generation });
    return true;
  } catch (error) {
    const { status } = readSdkError(error);
    // Somebody else has deleted it, or we have and the answer was lost.
    if (status === 404) return true;
    if (status === 412) return false;
    throw gcsError(error, asked);
  }
}
