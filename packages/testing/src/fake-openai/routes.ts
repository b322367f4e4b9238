import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { jsonReply, type Reply } from "../fake-http/reply.js";
import type { FakeAccount } from "./accounts.js";
import type { BatchPage, BatchStore } from "./batches.js";
import { readBatchParams } from "./create-batch.js";
import type { Dialect } from "./dialects/dialect.js";
import { contentReply } from "./file-content.js";
import { type FileStore, fileObject, notFound, type StoredFile } from "./files.js";
import { listObject, Refusal } from "./reply.js";
import { receiveUpload } from "./upload.js";

/** One HTTP request, as a route needs it. */
export interface RouteRequest {
  readonly method: string;
  /** As OpenAI would be asked: below `/v1`. */
  readonly url: URL;
  /** Below what path the service was asked. */
  readonly basePath: string;
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
  readonly dialect: Dialect;
  readonly maxFileBytes: number;
  /** How many inputs may lie there: without an expiry, and with one. */
  readonly maxFiles: Dialect["maxFiles"];
  /** How long the service takes to read an upload. */
  readonly filePendingMs: number;
  readonly now: () => number;
}

type Route = (context: RouteContext, request: RouteRequest, id: string) => Promise<Reply>;

const routes: Readonly<Record<string, Route>> = {
  "GET /v1/files": listFiles,
  "GET /v1/files/*": retrieveFile,
  "DELETE /v1/files/*": deleteFile,
  "GET /v1/files/*/content": fileContent,
  "POST /v1/batches": createBatch,
  "GET /v1/batches": listBatches,
  "GET /v1/batches/*": async ({ batches, dialect }, { account, basePath }, id) =>
    jsonReply(200, dialect.showBatch(await batches.retrieve(id, account), basePath)),
  "POST /v1/batches/*/cancel": async ({ batches, dialect }, { account, basePath }, id) =>
    jsonReply(200, dialect.showBatch(await batches.cancel(id, account), basePath)),
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
  const isUpload = method === "POST" && url.pathname === `/v1${context.dialect.uploadPath}`;
  const route = isUpload ? uploadFile : routes[`${method} /${pattern.join("/")}`];
  if (!route) throw new Refusal(404, `Invalid URL (${method} ${url.pathname})`);
  return route(context, request, decodeURIComponent(id));
}

async function uploadFile(context: RouteContext, request: RouteRequest): Promise<Reply> {
  const { dialect, directory, files, maxFileBytes, now } = context;
  const path = join(directory, `upload-${randomUUID()}`);
  const upload = await receiveUpload(request.headers, request.body, path, maxFileBytes, dialect);
  assertPlace(context, request, upload.expiresAfterSeconds !== undefined);
  const createdAt = now();
  const processedAt = createdAt + context.filePendingMs;
  const expiresAt = createdAt + (upload.expiresAfterSeconds ?? thirtyDays) * 1000;
  const { name, bytes } = upload;
  const { account: owner } = request;
  const times = { createdAt, processedAt, expiresAt };
  const file = files.add({ owner, name, bytes, path, purpose: "batch", ...times });
  return jsonReply(200, fileObject(file, createdAt));
}

/** Azure OpenAI documentation, "Global batch limits", and what its SDK for Java reports of it. */
function assertPlace(
  { files, maxFiles }: RouteContext,
  { account }: RouteRequest,
  expires: boolean,
) {
  const most = maxFiles[expires ? 1 : 0];
  const inputs = files.list(account).filter(({ purpose }) => purpose === "batch");
  if (inputs.length < most) return;
  const message = `The quota for files ${expires ? "with" : "without"} expiry is reached. The maximum is ${most}.`;
  throw new Refusal(400, message, { code: "quotaExceeded" });
}

/** What OpenAI keeps a batch's input for: npm `openai` 7.57.0, `resources/files.d.ts`. */
const thirtyDays = 2_592_000;

async function listFiles(
  { files, now }: RouteContext,
  { url, account }: RouteRequest,
): Promise<Reply> {
  const limit = readLimit(url, 10_000, 10_000);
  const purpose = url.searchParams.get("purpose");
  const after = url.searchParams.get("after");
  const found = files.list(account).filter((file) => purpose === null || file.purpose === purpose);
  if (url.searchParams.get("order") !== "asc") found.reverse();
  const rest = found.slice(after === null ? 0 : found.findIndex(({ id }) => id === after) + 1);
  const page = rest.slice(0, limit);
  return jsonReply(
    200,
    listObject(
      page.map((file) => fileObject(file, now())),
      page,
      rest.length > page.length,
    ),
  );
}

async function retrieveFile(
  { files, now }: RouteContext,
  { account }: RouteRequest,
  id: string,
): Promise<Reply> {
  return jsonReply(200, fileObject(files.get(id, account), now()));
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
  { batches, dialect }: RouteContext,
  { body, account, basePath }: RouteRequest,
): Promise<Reply> {
  const params = readBatchParams(await readJson(body), dialect);
  const batch = await batches.create(params, account);
  return jsonReply(200, dialect.showCreated(dialect.showBatch(batch, basePath)));
}

async function listBatches(
  { batches, dialect }: RouteContext,
  { url, account, basePath }: RouteRequest,
): Promise<Reply> {
  const isBare = dialect.list === "bare";
  const after = url.searchParams.get(dialect.list === "cursor" ? "cursor" : "after") ?? undefined;
  const limit = isBare ? Number.POSITIVE_INFINITY : readLimit(url, 20, 100);
  const page = await batches.list({ limit, after }, account);
  const data = page.data.map((batch) => dialect.showBatch(batch, basePath));
  return jsonReply(200, showList({ ...page, data }, dialect));
}

function showList({ data, last_id, has_more, ...list }: BatchPage, dialect: Dialect): object {
  switch (dialect.list) {
    case "after":
      return { ...list, data, last_id, has_more };
    case "cursor":
      return { object: "list", data, paging: { next_cursor: has_more ? last_id : null } };
    case "unsaid":
      return { object: "list", data };
    case "bare":
      return data;
  }
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
