import { LangBatchError } from "@langbatch/core";
import type { BlobContainer } from "./blob-container.js";

/** The HTTP status behind an error of `@azure/storage-blob`, by its shape (12.32.0, `RestError`). */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("statusCode" in error)) return undefined;
  return typeof error.statusCode === "number" ? error.statusCode : undefined;
}

/** Whether the blob is not there, though its container is. */
export function isBlobMissing(error: unknown): boolean {
  if (statusOf(error) !== 404) return false;
  const code = (error as { readonly code?: unknown }).code;
  return code === undefined || code === "BlobNotFound";
}

/**
 * What the storage account said, as a LangBatch error. Without the error itself, whose request may show
 * a signature.
 */
export function blobError(
  error: unknown,
  doing: "upload" | "read" | "delete",
  { url }: BlobContainer,
): LangBatchError {
  if (LangBatchError.is(error)) return error;
  const container = new URL(url).pathname.slice(1);
  const what = { upload: "written to", read: "read from", delete: "deleted from" }[doing];
  const status = statusOf(error);
  const options = {
    provider: "azure-openai",
    retryable: status === undefined || status === 429 || status >= 500,
    ...(status !== undefined && { status }),
  };
  const answer =
    status === undefined ? "no answer came" : `the storage answered ${status}${codeOf(error)}`;
  return new LangBatchError(
    "provider_failed",
    `A blob could not be ${what} the container ${container}: ${answer}.${remedyOf(status)}`,
    options,
  );
}

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown }).code;
  return typeof code === "string" ? ` (${code})` : "";
}

function remedyOf(status: number | undefined): string {
  switch (status) {
    case 401:
    case 403:
      return " Check that the credential of `blobs` may read, write and delete blobs there: Storage Blob Data Contributor.";
    case 404:
      return " Check that the container exists.";
    default:
      return "";
  }
}
