import { randomUUID } from "node:crypto";
import { describeStorage } from "@langbatch/testing";
import { startFakeGcs } from "@langbatch/testing/fake-gcs";
import { it } from "vitest";
import { gcsStorage } from "../../src/index.js";
import { keysOf } from "./bytes.js";
import { bucketName, bucketOf } from "./open-storage.js";
import { type Connect, connectWith } from "./sdk-versions.js";

/** Declares the whole contract over the fake server, with pages small enough to have several. */
export function proveSdk(version: string): void {
  const connect = connectWith(version);
  describeStorage(`gcsStorage with ${version}`, {
    async create() {
      const fake = await startFakeGcs({ buckets: [bucketName], maxPageSize: 100 });
      const open = () => gcsStorage({ bucket: bucketOf(connect, fake), prefix: "team/batches" });
      return { storage: open(), reopen: async () => open(), dispose: () => fake.close() };
    },
  });
  proveLive(version, connect);
}

/**
 * The contract over the real service, for whoever has a bucket to spare: some thousand requests, some
 * of which wait, as one object takes about one write per second.
 *
 * `LANGBATCH_GCS_BUCKET=my-bucket npx vitest run packages/storage-gcs/test/conformance -t "real service"`
 */
function proveLive(version: string, connect: Connect): void {
  const realBucket = process.env.LANGBATCH_GCS_BUCKET;
  const name = `gcsStorage over the real service with ${version}`;
  if (realBucket === undefined) {
    it(name, ({ skip }) => skip("LANGBATCH_GCS_BUCKET names no bucket"));
    return;
  }
  describeStorage(name, {
    async create() {
      const prefix = `langbatch-test/${randomUUID()}`;
      const open = () => gcsStorage({ bucket: connect({}).bucket(realBucket), prefix });
      const storage = open();
      return {
        storage,
        reopen: async () => open(),
        async dispose() {
          for (const key of await keysOf(storage)) await storage.remove(key);
        },
      };
    },
  });
}
