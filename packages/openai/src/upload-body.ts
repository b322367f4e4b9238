import { randomUUID } from "node:crypto";

/** A form with the one file of a batch, as one blob. */
export interface UploadBody {
  readonly body: Blob;
  readonly headers: { readonly "content-type": string };
}

/**
 * The upload of a batch's input, as the SDK's `files.create` would send it (npm `openai` 7.57.0,
 * `resources/files.d.ts`: `purpose` and `file`), but as a blob, which the input's file stays the
 * backing of. Of a `FormData`, Node's `fetch` reads the parts where nobody catches what they throw: a
 * connection that breaks in the middle ends the whole process (github.com/nodejs/undici, issue 5835).
 */
export function uploadBody(
  data: Blob,
  name: string,
  fields: Readonly<Record<string, string>>,
): UploadBody {
  const boundary = `langbatch-${randomUUID()}`;
  const head = [
    ...Object.entries(fields).flatMap(([field, value]) => [
      `--${boundary}`,
      `Content-Disposition: form-data; name="${field}"`,
      "",
      value,
    ]),
    `--${boundary}`,
    `Content-Disposition: form-data; name="file"; filename="${name}"`,
    "Content-Type: application/jsonl",
    "",
    "",
  ].join("\r\n");
  return {
    body: new Blob([head, data, `\r\n--${boundary}--\r\n`]),
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
  };
}
