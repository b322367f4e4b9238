import { fileStorage } from "@langbatch/storage-file";

/** The stored requests of the one batch in this directory, one blob after the other. */
export async function* storedInputs(directory: string): AsyncGenerator<Uint8Array> {
  const storage = fileStorage(directory);
  for await (const key of storage.list("blobs/")) {
    if (key.endsWith("/input")) yield* storage.readBlob(key);
  }
}
