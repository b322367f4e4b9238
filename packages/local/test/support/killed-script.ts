import { writeFile } from "node:fs/promises";
import { LocalChatCompletionBatch } from "@langbatch/local";
import { fileStorage } from "@langbatch/storage-file";

// What a user runs again and again until it is done.
const [input = "", state = "", baseURL = "", concurrency = "", results = ""] =
  process.argv.slice(2);
const batch = new LocalChatCompletionBatch(input, {
  key: "nightly",
  storage: fileStorage(state),
  batchKwargs: { baseURL, concurrency: Number(concurrency) },
  leaseMs: 200,
});
await batch.start();
await batch.wait({ pollIntervalMs: 20 });
const lines: string[] = [];
for await (const result of batch.results()) lines.push(JSON.stringify(result));
await writeFile(results, lines.join("\n"));
