import type { Asked } from "./asked.js";
import { asBuffer, newCrc32c } from "./crc32c.js";
import { metadataOf, newWriteId, settleWrite, writtenObject } from "./written-object.js";

/**
 * Writes a small object with one request, whole or not at all: the service refuses bytes that do not
 * have the checksum that comes with them.
 *
 * @param expected The generation that it replaces; "0" where there must be no such object.
 * @returns its generation.
 * @throws `storage_conflict` where somebody else was first.
 */
export async function putObject(
  bytes: Uint8Array,
  expected: string,
  asked: Asked,
): Promise<string> {
  const { place, name } = asked;
  const crc32c = newCrc32c(place);
  crc32c.update(bytes);
  const writeId = newWriteId();
  const file = place.bucket.file(name);
  try {
    await file.save(asBuffer(bytes), {
      resumable: false,
      validation: false,
      // Without it the SDK would retry nothing, and switch retries off for the user's whole client.
      preconditionOpts: { ifGenerationMatch: expected },
      metadata: { ...metadataOf(writeId), crc32c: crc32c.base64() },
    });
    return writtenObject(file).generation;
  } catch (error) {
    return (await settleWrite(error, writeId, asked)).generation;
  }
}
