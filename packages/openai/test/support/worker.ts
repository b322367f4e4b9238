import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import { fileStorage } from "@langbatch/storage-file";
import OpenAI from "openai";

// The script of a user: it may be killed at any moment, and is simply run again.
const [file = "", directory = "", baseURL = ""] = process.argv.slice(2);
const batch = new OpenAIChatCompletionBatch(file, {
  key: "nightly",
  storage: fileStorage(directory),
  batchKwargs: { client: new OpenAI({ apiKey: "sk-test", baseURL, maxRetries: 0 }) },
  settleMs: 100,
  sendDeadlineMs: 200,
});
await batch.start();
await batch.wait({ pollIntervalMs: 20 });
const { successful, unsuccessful } = await batch.getResults();
process.stdout.write(
  `${JSON.stringify({ id: batch.id, successful: successful.length, unsuccessful: unsuccessful.length })}\n`,
);
