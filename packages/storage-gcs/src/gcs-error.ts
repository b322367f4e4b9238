import { LangBatchError } from "@langbatch/core";
import { type Asked, addressOf } from "./asked.js";
import { explainStatus } from "./explain-status.js";
import { readSdkError } from "./sdk-error.js";

/**
 * What the SDK threw, as `storage_failed` in one sentence with the remedy. An error that is one of
 * ours already stays as it is. The cause is a copy: the SDK's own error holds the request, with the
 * access token in its headers.
 */
export function gcsError(error: unknown, asked: Asked): LangBatchError {
  if (LangBatchError.is(error)) return error;
  const read = readSdkError(error);
  const { status, reason, message } = read;
  const { says, retryable } =
    status === undefined ? explainSilence(read, asked) : explainStatus(status, read, asked);
  const cause = Object.assign(new Error(message), {
    ...(status !== undefined && { status }),
    ...(reason !== undefined && { code: reason }),
  });
  return new LangBatchError("storage_failed", says, {
    cause,
    retryable,
    ...(status !== undefined && { status }),
  });
}

/** Whether the service said that this is not there: the object, or the whole bucket. */
export function isNotFound(error: unknown): boolean {
  return readSdkError(error).status === 404;
}

/** Whether it is the bucket that is not there: Google's words tell the two apart, nothing else does. */
export function isBucketMissing(error: unknown): boolean {
  const { status, message } = readSdkError(error);
  return status === 404 && /bucket does not exist/i.test(message);
}

/** Without an answer: the network, or no credentials to ask with. */
function explainSilence(
  {
    reason = "no answer",
    message,
  }: { readonly reason: string | undefined; readonly message: string },
  asked: Asked,
): { readonly says: string; readonly retryable: boolean } {
  const address = addressOf(asked);
  if (/credentials|invalid_grant|\btoken\b/i.test(`${reason} ${message}`)) {
    return {
      says: `There are no valid Google credentials to use ${address} with. Run "gcloud auth application-default login", or set GOOGLE_APPLICATION_CREDENTIALS to a service account's file.`,
      retryable: false,
    };
  }
  if (reason === "ENOTFOUND" || reason === "EAI_AGAIN" || reason === "ECONNREFUSED") {
    return {
      says: `Google Cloud Storage could not be reached for ${address} (${reason}). Check the network, the proxy and the client's apiEndpoint.`,
      retryable: true,
    };
  }
  return {
    says: `The connection to Google Cloud Storage broke at ${address} (${reason}). Try again.`,
    retryable: true,
  };
}
