import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FakeHttpRequest } from "../fake-http/fake-http-request.js";
import {
  createHttpFaultQueue,
  type HttpFault,
  type RequestMatch,
} from "../fake-http/http-fault.js";
import { runServer } from "../fake-http/run-server.js";
import type { FakeGcsObject } from "./ledger.js";
import { createObjectStore } from "./object-store.js";
import { type ServeContext, serveRequest } from "./serve-request.js";
import { createSpool } from "./spool.js";
import { createUploadSessions } from "./upload-sessions.js";

/** How a fake server behaves. */
export interface FakeGcsOptions {
  /** The buckets that are there, all empty. Default: `fake-bucket`. */
  readonly buckets?: readonly string[];
  /** The only access token that is let in. Default: nobody is asked for one. */
  readonly accessToken?: string;
  /** How many objects a page of a list has at most. Default: 1,000, as the real service. */
  readonly maxPageSize?: number;
}

/** A running fake server, and what a test can do to it and ask of it. */
export interface FakeGcs {
  /** What a client takes as its `apiEndpoint`: `http://127.0.0.1:40213`. */
  readonly url: string;
  /** Every HTTP request seen so far, oldest first. */
  readonly requests: readonly FakeHttpRequest[];
  /** Every object that is there now, in no order. */
  readonly objects: readonly FakeGcsObject[];
  /** How many resumable uploads were started and are neither complete nor cancelled. */
  readonly openUploads: number;
  /** The bytes of an object that is there now. */
  bytesOf(bucket: string, name: string): Promise<Uint8Array>;
  createBucket(name: string): void;
  /** Spoils the next requests that match. Earlier orders come first. Default for `times`: 1. */
  failNext(match: RequestMatch, fault: HttpFault, times?: number): void;
  /** Breaks every open connection and deletes every file. */
  close(): Promise<void>;
}

/**
 * Starts a fake of the JSON API of Google Cloud Storage on a free port of 127.0.0.1, for the client
 * `@google-cloud/storage`: `new Storage({ apiEndpoint: fake.url, projectId: "any" })`. It keeps state
 * as the real one does, with generations and preconditions, and what is not small in a temporary
 * directory, so that objects of any size leave its memory flat. Close it, or the directory stays.
 */
export async function startFakeGcs(options: FakeGcsOptions = {}): Promise<FakeGcs> {
  const directory = await mkdtemp(join(tmpdir(), "fake-gcs-"));
  const objects = createObjectStore(options.buckets ?? ["fake-bucket"]);
  const sessions = createUploadSessions();
  const faults = createHttpFaultQueue();
  const requests: FakeHttpRequest[] = [];
  const server = await runServer((request, response) => serveRequest(context, request, response));
  const url = `http://127.0.0.1:${server.port}`;
  const context: ServeContext = {
    accessToken: options.accessToken,
    objects,
    sessions,
    maxPageSize: options.maxPageSize ?? 1000,
    newSpool: () => createSpool(join(directory, randomUUID())),
    base: () => url,
    takeFault: faults.take,
    note: (request) => requests.push(request),
  };

  return {
    url,
    requests,

    get objects() {
      return objects.all().map((object) => ({
        bucket: object.bucket,
        name: object.name,
        generation: String(object.generation),
        metageneration: String(object.metageneration),
        bytes: object.bytes,
        contentType: object.contentType,
        metadata: object.metadata.metadata ?? {},
      }));
    },

    get openUploads() {
      return sessions.open();
    },

    async bytesOf(bucket, name) {
      const object = objects.find(bucket, name);
      if (!object) throw new Error(`The fake server has no object ${bucket}/${name}.`);
      const { content } = object;
      return typeof content === "string" ? readFile(content) : Uint8Array.from(content);
    },

    createBucket: (name) => objects.createBucket(name),

    failNext(match, fault, times = 1) {
      faults.add(match, fault, times);
    },

    async close() {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
