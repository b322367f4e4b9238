import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { BatchStoreOptions } from "./batches.js";
import type { StoredFile } from "./files.js";
import { newFileId } from "./ids.js";
import { Refusal } from "./reply.js";

/** A storage account that the service reads inputs from and writes results to, as its own identity. */
export interface FakeBlobs {
  /** The bytes at an address. Throws where there are none. */
  read(url: string): AsyncIterable<Uint8Array>;
  /** Stores the bytes of the local file `path` at an address. */
  write(url: string, path: string): Promise<void>;
}

/** What is known of an input, wherever it lies. */
type FetchedInput = Pick<StoredFile, "path" | "bytes" | "purpose" | "processedAt">;

/**
 * Brings the input at an address to the server's own directory.
 *
 * @throws Refusal where it cannot be read: Azure OpenAI documentation, "Batch" error codes.
 */
export async function fetchInput(
  url: string,
  { blobs, directory }: Pick<BatchStoreOptions, "blobs" | "directory">,
): Promise<FetchedInput> {
  const path = join(directory, `blob-${newFileId()}`);
  try {
    if (!blobs) throw new Error("The server was started without `blobs`.");
    await pipeline(Readable.from(blobs.read(url)), createWriteStream(path));
  } catch {
    const message = `The blob ${url} cannot be read.`;
    throw new Refusal(400, message, { param: "input_blob", code: "input_no_permissions" });
  }
  const { size: bytes } = await stat(path);
  return { path, bytes, purpose: "batch", processedAt: 0 };
}
