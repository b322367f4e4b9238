import { resourceUsage } from "node:process";
import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import { fileStorage } from "@langbatch/storage-file";

// The script of a user with a large file: the whole way, and once more for what was not answered.
const [file = "", directory = "", baseURL = "", perJob = ""] = process.argv.slice(2);
const batch = new OpenAIChatCompletionBatch(file, {
  storage: fileStorage(directory),
  batchKwargs: { apiKey: "sk-test", baseURL },
  maxRequestsPerJob: Number(perJob),
});
await batch.start();
await batch.wait({ pollIntervalMs: 50 });
await batch.retry({ only: "retryable" });
const status = await batch.wait({ pollIntervalMs: 50 });
const { counts, shards } = await batch.getProgress();
const results = await batch.getResultsFile({ path: `${directory}/results.jsonl` });
// What the operating system has seen of this process, in kilobytes.
const { maxRSS } = resourceUsage();
process.stdout.write(JSON.stringify({ status, counts, shards: shards.length, results, maxRSS }));
