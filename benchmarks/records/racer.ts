import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import { fileStorage } from "@langbatch/storage-file";
import { reportWork } from "../measure-child.js";
import { countingStorage, type RecordCounts } from "./counting-storage.js";

const [directory = "", id = "", baseURL = "", shards = ""] = process.argv.slice(2);

await reportWork(async (): Promise<RecordCounts> => {
  const counts: RecordCounts = { writes: 0, conflicts: 0, doubts: 0 };
  const batch = await OpenAIChatCompletionBatch.load(id, {
    storage: countingStorage(fileStorage(directory), counts),
    batchKwargs: { apiKey: "unused", baseURL, service: "openai" },
    // None waits for another to end, so that every shard is one that all may want to send.
    maxActiveJobs: Number(shards),
    // Each create that another process has begun is in doubt for a moment: counted, not printed.
    ports: {
      warn: () => {
        counts.doubts += 1;
      },
    },
  });
  await batch.start();
  const status = await batch.wait({ pollIntervalMs: 500 });
  if (status !== "completed") throw new Error(`The batch ended as ${status}.`);
  return counts;
});
