import { emptyReply, jsonReply, type Reply } from "../fake-http/reply.js";
import { Refusal } from "./google-error.js";
import { readMultipart } from "./multipart-related.js";
import { type ObjectMetadata, readMetadata } from "./object-metadata.js";
import { objectResource } from "./object-resource.js";
import { assertPreconditions, readPreconditions } from "./preconditions.js";
import { readAll } from "./read-all.js";
import type { RouteContext, RouteRequest } from "./routes.js";
import { storeObject } from "./store-object.js";

/**
 * Stores an object, or starts to: Cloud Storage JSON API, "Objects: insert", with each of its three
 * upload types.
 *
 * @throws Refusal where the request or a checksum is wrong, or a precondition fails.
 */
export async function insertObject(
  context: RouteContext,
  request: RouteRequest,
  bucket: string,
): Promise<Reply> {
  if (!context.objects.hasBucket(bucket)) {
    throw new Refusal(404, "The specified bucket does not exist.");
  }
  switch (request.url.searchParams.get("uploadType")) {
    case "media":
    case "multipart":
      return insertAtOnce(context, request, bucket);
    case "resumable":
      return startUpload(context, request, bucket);
    default:
      throw new Refusal(400, "Invalid upload type.", { reason: "invalidParameter" });
  }
}

async function insertAtOnce(
  context: RouteContext,
  { url, headers, body }: RouteRequest,
  bucket: string,
): Promise<Reply> {
  const preconditions = readPreconditions(url.searchParams);
  const spool = context.newSpool();
  try {
    let metadata: ObjectMetadata;
    if (url.searchParams.get("uploadType") === "multipart") {
      metadata = readMetadata(await readMultipart(headers["content-type"], body, spool));
    } else {
      for await (const chunk of body) await spool.write(chunk);
      metadata = headers["content-type"] ? { contentType: headers["content-type"] } : {};
    }
    const name = nameOf(url, metadata);
    const stored = await storeObject(context, {
      object: { bucket, name, metadata },
      spool,
      preconditions,
      hashes: headers["x-goog-hash"],
    });
    return jsonReply(200, objectResource(stored, context.base()));
  } catch (error) {
    await spool.discard();
    throw error;
  }
}

async function startUpload(
  context: RouteContext,
  { url, headers, body }: RouteRequest,
  bucket: string,
): Promise<Reply> {
  const given = readMetadata(await readAll(body));
  const uploadType = headers["x-upload-content-type"];
  const metadata = {
    ...(typeof uploadType === "string" && { contentType: uploadType }),
    ...given,
  };
  const name = nameOf(url, metadata);
  const preconditions = readPreconditions(url.searchParams);
  // Looked at here, so that nobody sends gigabytes in vain, and again when the upload ends.
  assertPreconditions(context.objects.find(bucket, name), preconditions);
  const spool = context.newSpool();
  const { id } = context.sessions.start({ bucket, name, metadata, preconditions, spool });
  const query = new URLSearchParams({ uploadType: "resumable", name, upload_id: id });
  const location = `${context.base()}/upload/storage/v1/b/${bucket}/o?${query}`;
  return emptyReply(200, { location, "x-guploader-uploadid": id });
}

/** Cloud Storage, "Objects", "Naming considerations": 1 to 1024 bytes, no line ends. */
function nameOf(url: URL, metadata: ObjectMetadata): string {
  const name = url.searchParams.get("name") ?? metadata.name ?? "";
  if (name === "") throw new Refusal(400, "Required", { reason: "required" });
  const bytes = Buffer.byteLength(name);
  if (bytes > 1024) throw new Refusal(400, `The object name is ${bytes} bytes long, over 1024.`);
  if (/[\r\n]/.test(name)) throw new Refusal(400, "Disallowed unicode characters in object name.");
  return name;
}
