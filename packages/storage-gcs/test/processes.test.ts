import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Storage as Client } from "@google-cloud/storage";
import { describeStorageProcesses } from "@langbatch/testing";
import { startFakeGcs } from "@langbatch/testing/fake-gcs";
import { afterAll, beforeAll } from "vitest";
import { gcsStorage } from "../src/index.js";
import { compileWorker } from "./support/compiled-worker.js";
import { bucketName } from "./support/open-storage.js";

let compiled: string;
let worker: string;

beforeAll(async () => {
  compiled = await mkdtemp(join(tmpdir(), "langbatch-"));
  worker = await compileWorker(compiled);
});

afterAll(async () => {
  await rm(compiled, { recursive: true });
});

describeStorageProcesses("gcsStorage", {
  async create() {
    const fake = await startFakeGcs({ buckets: [bucketName] });
    const client = new Client({ apiEndpoint: fake.url, projectId: "my-project" });
    return {
      storage: gcsStorage({ bucket: client.bucket(bucketName) }),
      args: [fake.url, bucketName],
      dispose: () => fake.close(),
    };
  },
  script: () => worker,
  // Each process loads the SDK, and each step is an exchange.
  processes: 4,
  counts: 10,
  kills: 6,
  outlivesProcesses: true,
});
