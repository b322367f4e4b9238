import type { Reply } from "../fake-http/reply.js";
import { keptTexts } from "./object-metadata.js";
import type { StoredObject } from "./object-store.js";

/** The object as the JSON API shows it: "Objects", "Resource representations". */
export function objectResource(object: StoredObject, base: string): object {
  const { bucket, name, metadata, crc32c, md5Hash, contentType } = object;
  const generation = String(object.generation);
  const link = `${base}/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`;
  const kept = Object.fromEntries(
    keptTexts.flatMap((field) => (metadata[field] === undefined ? [] : [[field, metadata[field]]])),
  );
  return {
    kind: "storage#object",
    id: `${bucket}/${name}/${generation}`,
    selfLink: link,
    mediaLink: `${base}/download/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}?generation=${generation}&alt=media`,
    name,
    bucket,
    generation,
    metageneration: String(object.metageneration),
    contentType,
    storageClass: "STANDARD",
    size: String(object.bytes),
    crc32c,
    md5Hash,
    etag: etagOf(object),
    timeCreated: new Date(object.createdAt).toISOString(),
    updated: new Date(object.updatedAt).toISOString(),
    ...kept,
    ...(metadata.metadata && { metadata: metadata.metadata }),
  };
}

/** What a download says of the object: Cloud Storage, "HTTP headers", the `x-goog-` ones. */
export function objectHeaders(object: StoredObject): Reply["headers"] {
  const { metadata, crc32c, md5Hash, contentType } = object;
  return {
    "content-type": contentType,
    "accept-ranges": "bytes",
    "x-goog-generation": String(object.generation),
    "x-goog-metageneration": String(object.metageneration),
    // In one header, without a space: what the SDKs can read (npm @google-cloud/storage 7.22.0,
    // src/file.ts, createReadStream).
    "x-goog-hash": `crc32c=${crc32c},md5=${md5Hash}`,
    "x-goog-stored-content-length": String(object.bytes),
    "x-goog-stored-content-encoding": metadata.contentEncoding ?? "identity",
    etag: etagOf(object),
    ...(metadata.contentEncoding !== undefined && { "content-encoding": metadata.contentEncoding }),
    ...(metadata.cacheControl !== undefined && { "cache-control": metadata.cacheControl }),
  };
}

function etagOf({ generation, metageneration }: StoredObject): string {
  return Buffer.from(`${generation}/${metageneration}`).toString("base64");
}
