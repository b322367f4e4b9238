import type { Dialect } from "./dialects/dialect.js";
import { fullUrl } from "./dialects/full-url.js";
import { type ErrorDetails, Refusal } from "./reply.js";
import { checkExpiry } from "./upload.js";

/** A create call whose parameters are right. */
export interface BatchParams {
  readonly inputFileId: string;
  /** The address of the input, and of where the results go, in place of files; "" without. */
  readonly inputBlob: string;
  readonly outputFolder: string;
  readonly endpoint: string;
  readonly completionWindow: string;
  readonly metadata: Readonly<Record<string, string>> | null;
  /** How long the result files are kept, in seconds; `undefined` for ever. */
  readonly outputExpiresAfterSeconds: number | undefined;
}

/**
 * Checks the body of `POST /v1/batches`: npm `openai` 7.57.0, `resources/batches.d.ts`,
 * `BatchCreateParams`.
 *
 * @throws Refusal naming the first parameter that is wrong.
 */
export function readBatchParams(
  body: Readonly<Record<string, unknown>>,
  dialect: Dialect,
): BatchParams {
  const { inputBlob, outputFolder } = readBlobs(body);
  const inputFileId = inputBlob ? "" : requiredText(body, "input_file_id");
  const endpoint = fullUrl(requiredText(body, "endpoint"), dialect);
  const completionWindow = requiredText(body, "completion_window");
  const { endpoints, expirySeconds } = dialect;
  if (!endpoints.includes(endpoint)) {
    throw invalid("endpoint", endpoint, endpoints.map((each) => `'${each}'`).join(", "));
  }
  if (!dialect.completionWindow.test(completionWindow)) {
    throw invalid("completion_window", completionWindow, "'24h'");
  }
  const metadata = readMetadata(body.metadata ?? null);
  if (inputBlob && metadata) {
    const message = "'metadata' is not supported with 'input_blob'.";
    throw refused(message, "metadata", "invalid_value");
  }
  const expiry = body.output_expires_after ?? undefined;
  return {
    inputFileId,
    inputBlob,
    outputFolder,
    endpoint,
    completionWindow,
    metadata: dialect.metadata === "kept" ? metadata : null,
    outputExpiresAfterSeconds:
      expiry === undefined ? undefined : checkExpiry(expiry, "output_expires_after", expirySeconds),
  };
}

/** Azure OpenAI documentation, batch with Azure Blob Storage. */
function readBlobs(
  body: Readonly<Record<string, unknown>>,
): Pick<BatchParams, "inputBlob" | "outputFolder"> {
  const folder = Object(body.output_folder) as { readonly url?: unknown };
  const inputBlob = typeof body.input_blob === "string" ? body.input_blob : "";
  const outputFolder = typeof folder.url === "string" ? folder.url : "";
  if (!inputBlob || outputFolder) return { inputBlob, outputFolder };
  throw refused("Missing required parameter: 'output_folder'.", "output_folder", "invalid_value");
}

function requiredText(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name] ?? undefined;
  if (value === undefined) {
    const message = `Missing required parameter: '${name}'.`;
    throw new Refusal(400, message, { param: name, code: "missing_required_parameter" });
  }
  if (typeof value === "string") return value;
  const message = `Invalid type for '${name}': expected a string.`;
  throw new Refusal(400, message, { param: name, code: "invalid_type" });
}

function readMetadata(value: unknown): Readonly<Record<string, string>> | null {
  if (value === null) return null;
  if (typeof value !== "object" || Array.isArray(value)) {
    throw refused("Invalid type for 'metadata': expected an object.", "metadata", "invalid_type");
  }
  const pairs = Object.entries(value);
  if (pairs.length > 16) {
    const message = `Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with ${pairs.length} properties instead.`;
    throw refused(message, "metadata", "object_above_max_properties");
  }
  const metadata: Record<string, string> = {};
  for (const [name, text] of pairs) {
    const param = `metadata.${name}`;
    if (typeof text !== "string") {
      throw refused(`Invalid type for '${param}': expected a string.`, param, "invalid_type");
    }
    if (name.length > 64) throw tooLong("metadata", "property name", 64, name);
    if (text.length > 512) throw tooLong(param, "string", 512, text);
    metadata[name] = text;
  }
  return metadata;
}

function tooLong(param: string, what: string, most: number, text: string): Refusal {
  const message = `Invalid '${param}': ${what} too long. Expected a string with maximum length ${most}, but got a string with length ${text.length} instead.`;
  return refused(message, param, "string_above_max_length");
}

function invalid(param: string, value: string, supported: string): Refusal {
  const message = `Invalid value: '${value}'. Supported values are: ${supported}.`;
  return refused(message, param, "invalid_value");
}

function refused(message: string, param: string, code: string): Refusal {
  const details: ErrorDetails = { param, code };
  return new Refusal(400, message, details);
}
