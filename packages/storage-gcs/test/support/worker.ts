import process from "node:process";
import { Storage } from "@google-cloud/storage";
import { gcsStorage } from "@langbatch/storage-gcs";
import { runStorageWorker } from "@langbatch/testing/storage-worker";

// A process of its own for processes.test.ts. It reports each finished step as a line.
const [apiEndpoint = "", bucketName = ""] = process.argv.slice(4);
const client = new Storage({ apiEndpoint, projectId: "my-project" });
await runStorageWorker(gcsStorage({ bucket: client.bucket(bucketName) }));
