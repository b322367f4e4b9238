import type { Readable } from "node:stream";

/** The two containers of a storage account that a batch goes through. */
export interface BlobContainers {
  /** Where inputs are written to. */
  readonly input: BlobContainer;
  /** Where Azure writes the results. May be the same container. */
  readonly output: BlobContainer;
}

/** What is used of a `ContainerClient` of `@azure/storage-blob`, which can be passed as it is. */
export interface BlobContainer {
  /** With a shared access signature, where the client was made with one: that is never sent or stored. */
  readonly url: string;
  getBlockBlobClient(name: string): BlockBlob;
}

/** What is used of a `BlockBlobClient` (npm `@azure/storage-blob` 12.32.0). */
export interface BlockBlob {
  uploadStream(
    stream: Readable,
    bufferSize?: number,
    maxConcurrency?: number,
    options?: { abortSignal?: AbortSignal },
  ): Promise<unknown>;
  download(
    offset?: number,
    count?: number,
    options?: { abortSignal?: AbortSignal },
  ): Promise<{ readonly readableStreamBody?: NodeJS.ReadableStream }>;
  deleteIfExists(options?: { abortSignal?: AbortSignal }): Promise<unknown>;
}
