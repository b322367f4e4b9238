import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import type { FakeAccount } from "./accounts.js";
import type { BatchStore } from "./batches.js";
import { readBatchParams } from "./create-batch.js";
import { contentReply } from "./file-content.js";
import { type FileStore, fileObject, notFound, type StoredFile } from "./files.js";
import { jsonReply, listObject, Refusal, type Reply } from "./reply.js";
import { receiveUpload } from "./upload.js";

/** One HTTP request, as a route needs it. */
export interface RouteRequest {
  readonly method: string;
  readonly url: URL;
  /** For whom it is sent. */
  readonly account: FakeAccount;
  readonly headers: IncomingHttpHeaders;
  readonly body: AsyncIterable<Uint8Array>;
}

/** What the routes work on. */
export interface RouteContext {
  readonly files: FileStore;
  readonly batches: BatchStore;
  readonly directory: string;
  readonly maxFileBytes: number;
  readonly now: () => number;
}

type Route = (context: RouteContext, request: RouteRequest, id: string) => Promise<Reply>;

const routes: Readonly<Record<string, Route>> = {
  "POST /v1/files": uploadFile,
  "GET /v1/files": listFiles,
  "GET /v1/files/*": retrieveFile,
  "DELETE /v1/files/*": deleteFile,
  "GET /v1/files/*/content": fileContent,
  "POST /v1/batches": createBatch,
  "GET /v1/batches": listBatches,
  "GET /v1/batches/*": async ({ batches }, { account }, id) =>
    jsonReply(200, await batches.retrieve(id, account)),
  "POST /v1/batches/*/cancel": async ({ batches }, { account }, id) =>
    jsonReply(200, await batches.cancel(id, account)),
};

/**
 * Does what the request asks: OpenAI API reference, "Files" and "Batch".
 *
 * @throws Refusal where OpenAI would refuse.
 */
export async function answerRequest(context: RouteContext, request: RouteRequest): Promise<Reply> {
  const { method, url } = request;
  const [, version, collection, id = "", action] = url.pathname.split("/");
  const pattern = [version, collection, ...(id === "" ? [] : ["*"]), ...(action ? [action] : [])];
  const route = routes[`${method} /${pattern.join("/")}`];
  if (!route) throw new Refusal(404, `Invalid URL (${method} ${url.pathname})`);
  return route(context, request, decodeURIComponent(id));
}

async function uploadFile(context: RouteContext, request: RouteRequest): Promise<Reply> {
  const { directory, files, maxFileBytes, now } = context;
  const path = join(directory, `upload-${randomUUID()}`);
  const upload = await receiveUpload(request.headers, request.body, path, maxFileBytes);
  const createdAt = now();
  const expiresAt = createdAt + (upload.expiresAfterSeconds ?? thirtyDays) * 1000;
  const { name, bytes } = upload;
  const { account: owner } = request;
  const file = files.add({ owner, name, bytes, path, purpose: "batch", createdAt, expiresAt });
  return jsonReply(200, fileObject(file));
}

/** What OpenAI keeps a batch's input for: npm `openai` 7.57.0, `resources/files.d.ts`. */
const thirtyDays = 2_592_000;

async function listFiles({ files }: RouteContext, { url, account }: RouteRequest): Promise<Reply> {
  const limit = readLimit(url, 10_000, 10_000);
  const purpose = url.searchParams.get("purpose");
  const after = url.searchParams.get("after");
  const found = files.list(account).filter((file) => purpose === null || file.purpose === purpose);
  if (url.searchParams.get("order") !== "asc") found.reverse();
  const rest = found.slice(after === null ? 0 : found.findIndex(({ id }) => id === after) + 1);
  const page = rest.slice(0, limit);
  return jsonReply(200, listObject(page.map(fileObject), page, rest.length > page.length));
}

async function retrieveFile(
  { files }: RouteContext,
  { account }: RouteRequest,
  id: string,
): Promise<Reply> {
  return jsonReply(200, fileObject(files.get(id, account)));
}

async function deleteFile(
  { files }: RouteContext,
  { account }: RouteRequest,
  id: string,
): Promise<Reply> {
  const file = files.get(id, account);
  file.deleted = true;
  return jsonReply(200, { id, object: "file", deleted: true });
}

async function fileContent(
  { files }: RouteContext,
  { headers, account }: RouteRequest,
  id: string,
): Promise<Reply> {
  const file: StoredFile = files.get(id, account);
  const { status, message, ...details } = notFound(id);
  if (file.isHidden()) throw new Refusal(status, message, details);
  return contentReply(file, headers.range);
}

async function createBatch(
  { batches }: RouteContext,
  { body, account }: RouteRequest,
): Promise<Reply> {
  return jsonReply(200, await batches.create(readBatchParams(await readJson(body)), account));
}

async function listBatches(
  { batches }: RouteContext,
  { url, account }: RouteRequest,
): Promise<Reply> {
  const after = url.searchParams.get("after") ?? undefined;
  return jsonReply(200, await batches.list({ limit: readLimit(url, 20, 100), after }, account));
}

function readLimit(url: URL, normal: number, most: number): number {
  const text = url.searchParams.get("limit");
  if (text === null) return normal;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return limit;
  const message = `Invalid 'limit': expected a whole number between 1 and ${most}, but got '${text}'.`;
  throw new Refusal(400, message, { param: "limit", code: "invalid_value" });
}

async function readJson(
  body: AsyncIterable<Uint8Array>,
): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below, in OpenAI's words.
  }
  throw new Refusal(400, "We could not parse the JSON body of your request.");
}
