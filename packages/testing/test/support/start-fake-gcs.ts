import { EventEmitter } from "node:events";
import { Storage } from "@google-cloud/storage";
import { Storage as Storage8 } from "gcs-8";
import { onTestFinished } from "vitest";
import { type FakeGcs, type FakeGcsOptions, startFakeGcs } from "../../src/fake-gcs.js";

// Version 8 puts eleven listeners on each download, and Node warns of a leak that is none.
EventEmitter.defaultMaxListeners = 20;

const options = { projectId: "any", retryOptions: { autoRetry: false } };

/** What makes a client of each SDK, which asks once. */
export const sdkClients: readonly (readonly [name: string, connect: (url: string) => Storage])[] = [
  ["@google-cloud/storage 7", (apiEndpoint) => new Storage({ ...options, apiEndpoint })],
  [
    "@google-cloud/storage 8",
    // Another copy's class is another type, because of its private fields; what is called is the same.
    (apiEndpoint) => new Storage8({ ...options, apiEndpoint }) as unknown as Storage,
  ],
];

/** A server that is closed when the test ends. */
export async function startFake(options?: FakeGcsOptions): Promise<FakeGcs> {
  const fake = await startFakeGcs(options);
  onTestFinished(() => fake.close());
  return fake;
}

/** The address of an object, or of all of them. */
export function objectUrl(fake: FakeGcs, name?: string): string {
  const objects = `${fake.url}/storage/v1/b/fake-bucket/o`;
  return name === undefined ? objects : `${objects}/${encodeURIComponent(name)}`;
}

/** Where an object is uploaded to. */
export function uploadUrl(fake: FakeGcs, query: Readonly<Record<string, string>>): string {
  return `${fake.url}/upload/storage/v1/b/fake-bucket/o?${new URLSearchParams(query)}`;
}

/** Uploads an object in one request, and gives its generation. */
export async function put(fake: FakeGcs, name: string, body: string): Promise<string> {
  const url = uploadUrl(fake, { uploadType: "media", name });
  const answer = await fetch(url, { method: "POST", body });
  return ((await answer.json()) as { generation: string }).generation;
}
