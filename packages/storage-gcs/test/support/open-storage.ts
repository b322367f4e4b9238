import type { Bucket } from "@google-cloud/storage";
import type { Storage } from "@langbatch/core";
import { type FakeGcs, type FakeGcsOptions, startFakeGcs } from "@langbatch/testing/fake-gcs";
import { onTestFinished } from "vitest";
import { gcsStorage } from "../../src/index.js";
import type { Connect } from "./sdk-versions.js";

type Interceptor = ReturnType<Connect>["interceptors"][number];

export const bucketName = "my-bucket";

/** What every client of {@link bucketOf} sends, so that a test can see where it turns up. */
export const token = "ya29.a-token-of-a-test";

/** A bucket of a client that sends a token, tries three times more, and waits a second at most. */
export function bucketOf(connect: Connect, { url }: Pick<FakeGcs, "url">): Bucket {
  const client = connect({
    apiEndpoint: url,
    projectId: "my-project",
    // Not shorter: the SDK refuses a longest wait below its shortest, which is a second.
    retryOptions: { maxRetryDelay: 1, maxRetries: 2 },
  });
  // An endpoint of one's own is sent no credentials; a client of the real service sends them like this.
  client.interceptors.push({
    request(options) {
      options.headers = { ...options.headers, Authorization: `Bearer ${token}` };
      return options as ReturnType<Interceptor["request"]>;
    },
  });
  return client.bucket(bucketName);
}

/** A storage over a fake server that is closed when the test ends. */
export async function openStorage(
  connect: Connect,
  options: FakeGcsOptions = {},
): Promise<{ readonly fake: FakeGcs; readonly bucket: Bucket; readonly storage: Storage }> {
  const fake = await startFakeGcs({ buckets: [bucketName], accessToken: token, ...options });
  onTestFinished(() => fake.close());
  const bucket = bucketOf(connect, fake);
  return { fake, bucket, storage: gcsStorage({ bucket, prefix: "batches" }) };
}
