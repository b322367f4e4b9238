import { LocalChatCompletionBatch } from "@langbatch/local";
import { fileStorage } from "@langbatch/storage-file";

const [path = "", baseURL = "", directory = "", results = "", concurrency = "", life = ""] =
  process.argv.slice(2);

const batch = new LocalChatCompletionBatch(path, {
  key: "killed",
  storage: fileStorage(directory),
  leaseMs: 300,
  batchKwargs: { baseURL, concurrency: Number(concurrency), headers: { "x-life": life } },
});
process.send?.("begun");
await batch.start();
const status = await batch.wait({ pollIntervalMs: 100 });
if (status !== "completed") throw new Error(`The batch ended as ${status}.`);
await batch.getResultsFile({ path: results });
