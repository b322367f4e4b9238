import { type Action, type Asked, addressOf } from "./asked.js";
import type { SdkError } from "./sdk-error.js";

/** Cloud Storage, "IAM permissions for JSON methods": overwriting an object deletes the one before. */
const permissions: Readonly<Record<Action, string>> = {
  create: "storage.objects.create",
  overwrite: "storage.objects.create and storage.objects.delete",
  read: "storage.objects.get",
  list: "storage.objects.list",
  delete: "storage.objects.delete",
};

/** What a status of Google Cloud Storage means here, and whether the same may work later. */
export function explainStatus(
  status: number,
  { reason = "", message }: SdkError,
  asked: Asked,
): { readonly says: string; readonly retryable: boolean } {
  const address = addressOf(asked);
  const bucket = `gs://${asked.place.bucket.name}`;
  const passing = (says: string) => ({ says, retryable: true });
  const lasting = (says: string) => ({ says, retryable: false });

  if (
    /retention|hold/i.test(reason) ||
    (status === 403 && /retention policy|hold\b/i.test(message))
  ) {
    return lasting(
      `A retention policy or a hold of ${bucket} keeps ${address} from being overwritten or deleted. Use a bucket without one: records are overwritten.`,
    );
  }
  if (status === 401) {
    return lasting(
      `Google Cloud Storage does not know who asks for ${address} (401). Check the client's credentials: "gcloud auth application-default login", or GOOGLE_APPLICATION_CREDENTIALS.`,
    );
  }
  if (status === 403) {
    return lasting(
      `These credentials may not ${asked.action} ${address} (403): it takes ${permissions[asked.action]}. Grant them the role Storage Object User (roles/storage.objectUser) on ${bucket}.`,
    );
  }
  if (status === 404 && /bucket does not exist/i.test(message)) {
    return lasting(`There is no bucket ${bucket}. Create it, or check its name and project.`);
  }
  if (status === 404 || status === 410) {
    return asked.action === "create"
      ? passing(`Google Cloud Storage has lost the upload of ${address} (${status}). Try again.`)
      : lasting(
          `${address} vanished while it was in use. Let nothing else delete objects there, a lifecycle rule least of all.`,
        );
  }
  if (status === 429) {
    return passing(
      `Google Cloud Storage asks for fewer requests to ${address} (429): one object takes about one write per second. Try again later.`,
    );
  }
  if (status >= 500 || status === 408) {
    return passing(
      `Google Cloud Storage could not ${asked.action} ${address} at the moment (${status}). Try again.`,
    );
  }
  return lasting(
    `Google Cloud Storage refused to ${asked.action} ${address} (${status}): ${sentence(message)} See the cause.`,
  );
}

/** Google's own words, ended like a sentence. */
function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
