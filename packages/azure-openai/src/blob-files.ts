import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { type CallContext, LangBatchError } from "@langbatch/core";
import type { ServiceFiles } from "@langbatch/openai/compatible";
import type { BlobContainer, BlobContainers, BlockBlob } from "./blob-container.js";
import { blobError, isBlobMissing } from "./blob-error.js";

/** Blocks of 8 MiB, two at a time: a 1 GB input passes through 16 MiB of memory. */
const blockBytes = 8_388_608;
const blocksAtOnce = 2;

/** Where a blob is: the container that was given, and its name there. */
interface Place {
  readonly container: BlobContainer;
  readonly name: string;
}

/**
 * Inputs and results in the user's own storage account (Azure OpenAI documentation, batch with Azure
 * Blob Storage). What is stored of a blob is its address, without any signature.
 */
export function blobFiles({ input, output }: BlobContainers): ServiceFiles {
  function blobAt(address: string): BlockBlob {
    const { container, name } = placeOf(address);
    return container.getBlockBlobClient(name);
  }

  function placeOf(address: string): Place {
    for (const container of [output, input]) {
      const name = nameIn(container, address);
      if (name !== undefined) return { container, name };
    }
    throw new LangBatchError(
      "invalid_option",
      `The blob ${address} lies in none of the containers of \`blobs\`. Pass those the batch was started with.`,
      { provider: "azure-openai" },
    );
  }

  return {
    async upload({ name, data }, context) {
      const stream = Readable.fromWeb(data.stream() as ReadableStream);
      try {
        const blob = input.getBlockBlobClient(name);
        await blob.uploadStream(stream, blockBytes, blocksAtOnce, signalOf(context));
      } catch (error) {
        throw context.signal?.aborted ? context.signal.reason : blobError(error, "upload", input);
      }
      return { id: `${addressOf(input)}/${encodeURIComponent(name)}` };
    },

    createFields: (inputId) => ({
      input_file_id: null,
      input_blob: inputId,
      output_folder: { url: addressOf(output) },
    }),

    async *download(id, context) {
      const blob = blobAt(id);
      try {
        const { readableStreamBody } = await blob.download(0, undefined, signalOf(context));
        for await (const chunk of readableStreamBody ?? []) yield chunk as unknown as Uint8Array;
      } catch (error) {
        if (context.signal?.aborted) throw context.signal.reason;
        // Azure names both blobs in any case, also one that it has never written.
        if (isBlobMissing(error) && nameIn(output, id) !== undefined && !isInput(id)) return;
        throw blobError(error, "read", placeOf(id).container);
      }
    },

    async remove(id, context) {
      try {
        await blobAt(id).deleteIfExists(signalOf(context));
      } catch (error) {
        throw context.signal?.aborted
          ? context.signal.reason
          : blobError(error, "delete", placeOf(id).container);
      }
    },
  };
}

/** Whether an id is the address of a blob, and not a file's at the resource. */
export function isBlobAddress(id: string): boolean {
  return /^https?:\/\//.test(id);
}

/** Inputs are named by their tags, in whatever container. */
function isInput(address: string): boolean {
  return /\/lb-[a-z0-9-]+\.jsonl$/.test(address);
}

/** The container's address, without the signature that may be part of it. */
function addressOf({ url }: BlobContainer): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}

function nameIn(container: BlobContainer, address: string): string | undefined {
  const beginning = `${addressOf(container)}/`;
  if (!address.startsWith(beginning)) return undefined;
  return decodeURIComponent(new URL(address).pathname.slice(new URL(beginning).pathname.length));
}

function signalOf({ signal }: CallContext): { readonly abortSignal?: AbortSignal } {
  return signal ? { abortSignal: signal } : {};
}
