import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { pipeline } from "node:stream/promises";
import { Busboy, type BusboyFileStream } from "@fastify/busboy";
import type { Dialect } from "./dialects/dialect.js";
import { Refusal } from "./reply.js";

/** What came in a multipart upload. */
export interface Upload {
  readonly name: string;
  readonly bytes: number;
  /** How long the file is to be kept, in seconds; `undefined` where nothing was said. */
  readonly expiresAfterSeconds: number | undefined;
}

/**
 * Writes an uploaded file to `path` as it comes and checks the form as OpenAI does.
 *
 * @throws Refusal where the form is wrong; then there is no file at `path`.
 */
export async function receiveUpload(
  headers: IncomingHttpHeaders,
  body: AsyncIterable<Uint8Array>,
  path: string,
  maxBytes: number,
  dialect: UploadDialect,
): Promise<Upload> {
  try {
    const { fields, file } = await readForm(headers, body, path, maxBytes);
    return checkForm(fields, file, dialect);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** How services differ in what they take. */
type UploadDialect = Pick<Dialect, "fileNameField" | "filePurpose" | "expirySeconds">;

interface FormFile {
  readonly name: string;
  readonly bytes: number;
  readonly isTooLarge: boolean;
}

interface Form {
  readonly fields: ReadonlyMap<string, string>;
  readonly file: FormFile | undefined;
}

async function readForm(
  headers: IncomingHttpHeaders,
  body: AsyncIterable<Uint8Array>,
  path: string,
  maxBytes: number,
): Promise<Form> {
  const contentType = headers["content-type"] ?? "";
  if (!/^multipart\/form-data\s*;.*boundary=/i.test(contentType)) {
    throw new Refusal(400, "Could not parse multipart form: the body is no multipart/form-data.");
  }
  const fields = new Map<string, string>();
  const streams: BusboyFileStream[] = [];
  const written: Promise<FormFile>[] = [];
  const busboy = new Busboy({
    headers: { ...headers, "content-type": contentType },
    limits: { fileSize: maxBytes, files: 1 },
  });
  busboy.on("field", (name, value) => fields.set(name, value));
  busboy.on("file", (_field, stream, name) => {
    const done = writeFormFile(stream, name, path);
    // A form that breaks off is told below; this must not be an unhandled rejection beside it.
    done.catch(() => undefined);
    streams.push(stream);
    written.push(done);
  });
  try {
    await pipeline(body, busboy);
    const [file] = await Promise.all(written);
    return { fields, file };
  } catch (error) {
    for (const stream of streams) stream.destroy();
    await Promise.allSettled(written);
    throw new Refusal(400, `Could not parse multipart form: ${String(error)}`);
  }
}

async function writeFormFile(
  stream: BusboyFileStream,
  name: string,
  path: string,
): Promise<FormFile> {
  const target = createWriteStream(path, { highWaterMark: 1_048_576 });
  await pipeline(stream, target);
  return { name, bytes: target.bytesWritten, isTooLarge: stream.truncated };
}

function checkForm(
  fields: ReadonlyMap<string, string>,
  file: FormFile | undefined,
  { fileNameField, filePurpose, expirySeconds }: UploadDialect,
): Upload {
  const purpose = fields.get("purpose");
  if (purpose === undefined) throw missing("purpose");
  if (fileNameField && !fields.get(fileNameField)) throw missing(fileNameField);
  if (purpose !== filePurpose) {
    const message = `'${purpose}' is not one of ['${filePurpose}'] - 'purpose'`;
    throw new Refusal(400, message, { param: "purpose", code: "invalid_value" });
  }
  if (!file) throw missing("file");
  if (!file.name.endsWith(".jsonl")) {
    throw new Refusal(400, "Invalid file format for Batch API. Must be .jsonl", { param: "file" });
  }
  if (file.isTooLarge) throw new Refusal(400, "File is too large.", { param: "file" });
  const { name, bytes } = file;
  return { name, bytes, expiresAfterSeconds: expiryOf(fields, expirySeconds) };
}

function expiryOf(
  fields: ReadonlyMap<string, string>,
  limits: Dialect["expirySeconds"],
): number | undefined {
  const seconds = fields.get("expires_after[seconds]");
  const anchor = fields.get("expires_after[anchor]");
  if (seconds === undefined && anchor === undefined) return undefined;
  return checkExpiry({ seconds: Number(seconds), anchor }, "expires_after", limits);
}

/**
 * How long a file is to be kept, in seconds: npm `openai` 7.57.0, `resources/files.d.ts`,
 * `ExpiresAfter`.
 */
export function checkExpiry(
  expiry: unknown,
  param: string,
  [shortest, longest]: Dialect["expirySeconds"],
): number {
  const { anchor, seconds } = Object(expiry) as { anchor?: unknown; seconds?: unknown };
  if (anchor !== "created_at") {
    const message = `Invalid value for '${param}.anchor'. Supported values are: 'created_at'.`;
    throw new Refusal(400, message, { param: `${param}.anchor`, code: "invalid_value" });
  }
  if (typeof seconds !== "number" || !(seconds >= shortest && seconds <= longest)) {
    const message = `Invalid value for '${param}.seconds'. It must be between ${shortest} and ${longest}.`;
    throw new Refusal(400, message, { param: `${param}.seconds`, code: "invalid_value" });
  }
  return seconds;
}

function missing(param: string): Refusal {
  const message = `Missing required parameter: '${param}'.`;
  return new Refusal(400, message, { param, code: "missing_required_parameter" });
}
