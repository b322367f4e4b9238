import { AnthropicChatCompletionBatch } from "@langbatch/anthropic";
import { fileStorage } from "@langbatch/storage-file";
import { reportWork } from "../measure-child.js";

const [path = "", baseURL = "", directory = ""] = process.argv.slice(2);

await reportWork(async () => {
  const batch = new AnthropicChatCompletionBatch(path, {
    storage: fileStorage(directory),
    batchKwargs: { apiKey: "unused", baseURL },
    // The fake server plays every request before it answers the create.
    sendDeadlineMs: 600_000,
  });
  await batch.start();
});
