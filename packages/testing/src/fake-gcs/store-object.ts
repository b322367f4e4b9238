import { Refusal } from "./google-error.js";
import type { ObjectMetadata } from "./object-metadata.js";
import type { NewObject, ObjectStore, StoredObject } from "./object-store.js";
import type { Preconditions } from "./preconditions.js";
import type { Spool, SpooledBytes } from "./spool.js";

/**
 * Turns bytes that have come into an object, if they are what was announced.
 *
 * @throws Refusal where a checksum or a precondition fails; then the bytes are gone.
 */
export async function storeObject(
  { objects }: { readonly objects: ObjectStore },
  upload: {
    readonly object: Omit<NewObject, "content">;
    readonly spool: Spool;
    readonly preconditions: Preconditions;
    /** The header `x-goog-hash`, with the checksums of the whole object. */
    readonly hashes: string | readonly string[] | undefined;
  },
): Promise<StoredObject> {
  const { object, spool, preconditions, hashes } = upload;
  const content = await spool.finish();
  try {
    assertChecksums(content, announced(object.metadata, String(hashes ?? "")));
    return objects.put({ ...object, content }, preconditions);
  } catch (error) {
    await spool.discard();
    throw error;
  }
}

interface Announced {
  readonly crc32c: string | undefined;
  readonly md5Hash: string | undefined;
}

function announced({ crc32c, md5Hash }: ObjectMetadata, hashes: string): Announced {
  return {
    crc32c: crc32c ?? /crc32c=([^,\s]+)/.exec(hashes)?.[1],
    md5Hash: md5Hash ?? /md5=([^,\s]+)/.exec(hashes)?.[1],
  };
}

/** Cloud Storage JSON API, "Objects: insert": a checksum that comes along is verified. */
function assertChecksums(content: SpooledBytes, { crc32c, md5Hash }: Announced): void {
  const wrong = (name: string, given: string, counted: string) =>
    new Refusal(
      400,
      `Provided ${name} hash "${given}" doesn't match calculated ${name} hash "${counted}".`,
    );
  if (crc32c !== undefined && crc32c !== content.crc32c) {
    throw wrong("CRC32C", crc32c, content.crc32c);
  }
  if (md5Hash !== undefined && md5Hash !== content.md5Hash) {
    throw wrong("MD5", md5Hash, content.md5Hash);
  }
}
