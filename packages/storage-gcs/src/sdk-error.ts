/** What an error of `@google-cloud/storage` says, whichever of its parts threw it. */
export interface SdkError {
  /** The HTTP status of the answer; `undefined` where none came. */
  readonly status: number | undefined;
  /** A word for it: Google's reason (`conditionNotMet`), else the code of the system (`ECONNRESET`). */
  readonly reason: string | undefined;
  /** In Google's words, or the system's; without secrets, and not long. */
  readonly message: string;
}

/**
 * Reads an error of the SDK. They come as `ApiError` (`code` a number, `errors`), as an error of the
 * HTTP client (`code` a text, perhaps `response`), as a plain object (`{ code, message, errors }`,
 * npm `@google-cloud/storage` 7.22.0, `src/resumable-upload.ts`, `responseHandler`), and as text after
 * the last retry of an upload (the same, `buildRetryError`).
 */
export function readSdkError(error: unknown): SdkError {
  const { code, status, message, errors, response } = fields(error);
  const answer = fields(fields(fields(response).data).error);
  const text = [answer.message, message].find((said) => typeof said === "string") ?? String(error);
  const first = fields([errors, answer.errors].find(Array.isArray)?.[0]);
  const inText = /(?:"status":|\bstatus: |"code":")(\d{3})\b/.exec(text)?.[1];
  const answered = [code, status, fields(response).status, fields(response).statusCode, inText]
    .map(Number)
    .find((number) => Number.isInteger(number) && number >= 100 && number < 600);
  const word = [first.reason, code, fields(fields(error).cause).code].find(isWord);
  return { status: answered, reason: word, message: withoutSecrets(text) };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return Object(value) as Record<string, unknown>;
}

function isWord(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z]\w{2,60}$/.test(value);
}

const maxMessageLength = 300;

/**
 * An access token may be in what the HTTP client shows of its request, and the address of an upload
 * session is as good as one.
 */
function withoutSecrets(text: string): string {
  return text
    .replace(/\bBearer\s+[^\s"',}]+/gi, "Bearer ***")
    .replace(/\bya29\.[\w.-]+/g, "***")
    .replace(
      /\b(upload_id|access_token|refresh_token|X-Goog-Signature)(["':=]+)[^&\s"',}]+/gi,
      "$1$2***",
    )
    .replace(/\s+/g, " ")
    .slice(0, maxMessageLength)
    .trim();
}
