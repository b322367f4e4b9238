// Keeps a batch in a storage of one's own: examples/custom-storage.ts
import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import { bucketStorage } from "./custom-storage/bucket-storage.js";
import { memoryBucket } from "./custom-storage/memory-bucket.js";

// This bucket is a Map. One of S3, R2 or GCS needs the same four methods.
const bucket = memoryBucket({ delayMs: 5 });
const storage = bucketStorage(bucket);

const batch = await OpenAIChatCompletionBatch.create(["Why is the sky blue?"], {
  requestKwargs: { model: "gpt-5-mini" },
  storage,
});
await batch.start();
console.log(await batch.wait());

console.log("What the bucket holds now:");
for await (const name of bucket.list("")) console.log(" ", name);

// Another process would make the same storage over the same bucket, and load the batch from it.
const same = await OpenAIChatCompletionBatch.load(batch.id, { storage: bucketStorage(bucket) });
const { successful } = await same.getResults();
console.log(successful[0]?.choices[0]?.message.content);
