import { AnthropicChatCompletionBatch } from "@langbatch/anthropic";
import { fileStorage } from "@langbatch/storage-file";
import { reportWork } from "../measure-child.js";

/** Without a place for the results it ends once everything is sent. */
const [path = "", baseURL = "", directory = "", results] = process.argv.slice(2);

await reportWork(async () => {
  const batch = new AnthropicChatCompletionBatch(path, {
    storage: fileStorage(directory),
    batchKwargs: { apiKey: "unused", baseURL },
    // The fake server plays every request before it answers the create.
    sendDeadlineMs: 600_000,
  });
  await batch.start();
  if (results === undefined) return;
  const status = await batch.wait({ pollIntervalMs: 100 });
  if (status !== "completed") throw new Error(`The batch ended as ${status}.`);
  await batch.getResultsFile({ path: results });
});
