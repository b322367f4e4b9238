import type { IncomingHttpHeaders } from "node:http";
import { emptyReply, jsonReply, type Reply } from "../fake-http/reply.js";
import { Refusal } from "./google-error.js";
import { insertObject } from "./insert-object.js";
import { listObjects } from "./list-objects.js";
import { contentReply } from "./object-content.js";
import { readMetadata } from "./object-metadata.js";
import { objectResource } from "./object-resource.js";
import type { AskedObject, ObjectStore } from "./object-store.js";
import { readPreconditions } from "./preconditions.js";
import { readAll } from "./read-all.js";
import { cancelUpload, continueUpload } from "./resumable-upload.js";
import type { Spool } from "./spool.js";
import type { UploadSessions } from "./upload-sessions.js";

/** One HTTP request, as a route needs it. */
export interface RouteRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: AsyncIterable<Uint8Array>;
}

/** What the routes work on. */
export interface RouteContext {
  readonly objects: ObjectStore;
  readonly sessions: UploadSessions;
  readonly maxPageSize: number;
  newSpool(): Spool;
  /** How the server is reached: `http://127.0.0.1:40213`. */
  base(): string;
}

/** What a path names. */
interface Target {
  readonly isUpload: boolean;
  readonly bucket: string;
  /** `undefined` where the bucket or all of its objects are meant. */
  readonly name: string | undefined;
  readonly isCollection: boolean;
}

/**
 * Reads a path of the JSON API. Where `STORAGE_EMULATOR_HOST` is set, the SDKs leave out
 * `/storage/v1` of all paths but those of uploads (npm `@google-cloud/storage` 7.22.0,
 * `src/storage.ts`, the constructor).
 *
 * @throws Refusal where it is none.
 */
function readTarget(method: string, path: string): Target {
  const [, upload, bucket, objects, name] =
    /^(?:\/(upload|download))?(?:\/storage\/v1)?\/b\/([^/]+)(?:\/(o)(?:\/([^/]+))?)?$/.exec(path) ??
    [];
  if (bucket === undefined) throw new Refusal(404, `Not Found (${method} ${path})`);
  return {
    isUpload: upload === "upload",
    bucket: decodeURIComponent(bucket),
    name: name === undefined ? undefined : decodeURIComponent(name),
    isCollection: objects !== undefined && name === undefined,
  };
}

/**
 * Does what the request asks: Cloud Storage JSON API, "Buckets" and "Objects".
 *
 * @throws Refusal where the service would refuse.
 */
export async function answerRequest(context: RouteContext, request: RouteRequest): Promise<Reply> {
  const { method, url } = request;
  const { isUpload, bucket, name, isCollection } = readTarget(method, url.pathname);
  if (isUpload && isCollection) {
    if (method === "POST") return insertObject(context, request, bucket);
    if (method === "PUT") return continueUpload(context, request);
    if (method === "DELETE") return cancelUpload(context, request);
  } else if (name !== undefined) {
    if (method === "GET") return getObject(context, request, bucket, name);
    if (method === "PATCH") return patchObject(context, request, bucket, name);
    if (method === "DELETE") {
      context.objects.delete(bucket, name, askedBy(url));
      return emptyReply(204);
    }
  } else if (method === "GET") {
    return isCollection ? listObjects(context, request, bucket) : getBucket(context, bucket);
  }
  throw new Refusal(405, `Method not allowed (${method} ${url.pathname})`);
}

function askedBy({ searchParams }: URL): AskedObject {
  const generation = searchParams.get("generation");
  const preconditions = readPreconditions(searchParams);
  return generation === null ? { preconditions } : { generation, preconditions };
}

async function getObject(
  context: RouteContext,
  { url, headers }: RouteRequest,
  bucket: string,
  name: string,
): Promise<Reply> {
  const object = context.objects.get(bucket, name, askedBy(url));
  if (url.searchParams.get("alt") === "media") return contentReply(object, headers.range);
  return jsonReply(200, objectResource(object, context.base()));
}

async function patchObject(
  context: RouteContext,
  { url, body }: RouteRequest,
  bucket: string,
  name: string,
): Promise<Reply> {
  const metadata = readMetadata(await readAll(body));
  const patched = context.objects.patch(bucket, name, askedBy(url), metadata);
  return jsonReply(200, objectResource(patched, context.base()));
}

function getBucket({ objects, base }: RouteContext, bucket: string): Reply {
  if (!objects.hasBucket(bucket)) throw new Refusal(404, "The specified bucket does not exist.");
  return jsonReply(200, {
    kind: "storage#bucket",
    id: bucket,
    name: bucket,
    selfLink: `${base()}/storage/v1/b/${bucket}`,
    location: "US",
    storageClass: "STANDARD",
    metageneration: "1",
  });
}
