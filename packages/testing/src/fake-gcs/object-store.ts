import { Refusal } from "./google-error.js";
import type { ObjectMetadata } from "./object-metadata.js";
import { assertPreconditions, type Preconditions } from "./preconditions.js";
import type { SpooledBytes } from "./spool.js";

/** An object the server keeps. Times are milliseconds since 1970. */
export interface StoredObject extends SpooledBytes {
  readonly bucket: string;
  readonly name: string;
  readonly generation: number;
  readonly metageneration: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly contentType: string;
  readonly metadata: ObjectMetadata;
}

/**
 * All buckets and what is in them. Only the newest generation of an object is kept: a bucket without
 * object versioning. A write and the look at its preconditions are one step.
 */
export interface ObjectStore {
  createBucket(bucket: string): void;
  hasBucket(bucket: string): boolean;
  /** Every live object. */
  all(): StoredObject[];
  /** Those of one bucket, in the order of their names' UTF-8 bytes. @throws Refusal */
  inBucket(bucket: string): StoredObject[];
  find(bucket: string, name: string): StoredObject | undefined;
  /** @throws Refusal where it is not there, has another generation, or a precondition fails. */
  get(bucket: string, name: string, asked: AskedObject): StoredObject;
  /** @throws Refusal where the bucket is not there or a precondition fails. */
  put(object: NewObject, preconditions: Preconditions): StoredObject;
  /** @throws Refusal as with {@link ObjectStore.get}. */
  patch(bucket: string, name: string, asked: AskedObject, metadata: ObjectMetadata): StoredObject;
  /** @throws Refusal as with {@link ObjectStore.get}. */
  delete(bucket: string, name: string, asked: AskedObject): void;
}

/** Which object is meant, and on what condition. */
export interface AskedObject {
  /** Default: the newest. */
  readonly generation?: string;
  readonly preconditions: Preconditions;
}

/** An object before it has a generation. */
export interface NewObject {
  readonly bucket: string;
  readonly name: string;
  readonly content: SpooledBytes;
  readonly metadata: ObjectMetadata;
}

/** A store with these buckets, all empty. */
export function createObjectStore(names: readonly string[]): ObjectStore {
  const buckets = new Map(names.map((name) => [name, new Map<string, StoredObject>()]));
  // Real ones are microseconds since 1970. They only ever grow, also over deletions.
  let lastGeneration = Date.now() * 1000;

  function objectsOf(bucket: string): Map<string, StoredObject> {
    const objects = buckets.get(bucket);
    if (!objects) throw new Refusal(404, "The specified bucket does not exist.");
    return objects;
  }

  function get(bucket: string, name: string, asked: AskedObject): StoredObject {
    const object = objectsOf(bucket).get(name);
    const { generation, preconditions } = asked;
    if (!object || (generation !== undefined && generation !== String(object.generation))) {
      throw new Refusal(404, `No such object: ${bucket}/${name}`);
    }
    assertPreconditions(object, preconditions);
    return object;
  }

  return {
    createBucket(bucket) {
      if (!buckets.has(bucket)) buckets.set(bucket, new Map());
    },
    hasBucket: (bucket) => buckets.has(bucket),
    all: () => [...buckets.values()].flatMap((objects) => [...objects.values()]),
    inBucket(bucket) {
      const named = Array.from(objectsOf(bucket).values(), (object) => ({
        object,
        bytes: Buffer.from(object.name),
      }));
      named.sort((one, other) => Buffer.compare(one.bytes, other.bytes));
      return named.map(({ object }) => object);
    },
    find: (bucket, name) => buckets.get(bucket)?.get(name),
    get,
    put({ bucket, name, content, metadata }, preconditions) {
      const objects = objectsOf(bucket);
      assertPreconditions(objects.get(name), preconditions);
      lastGeneration += 1;
      const now = Date.now();
      const object: StoredObject = {
        ...content,
        bucket,
        name,
        generation: lastGeneration,
        metageneration: 1,
        createdAt: now,
        updatedAt: now,
        contentType: metadata.contentType ?? "application/octet-stream",
        metadata,
      };
      objects.set(name, object);
      return object;
    },
    patch(bucket, name, asked, metadata) {
      const old = get(bucket, name, asked);
      const object: StoredObject = {
        ...old,
        metageneration: old.metageneration + 1,
        updatedAt: Date.now(),
        contentType: metadata.contentType ?? old.contentType,
        metadata: {
          ...old.metadata,
          ...metadata,
          metadata: { ...old.metadata.metadata, ...metadata.metadata },
        },
      };
      objectsOf(bucket).set(name, object);
      return object;
    },
    delete(bucket, name, asked) {
      get(bucket, name, asked);
      objectsOf(bucket).delete(name);
    },
  };
}
