import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import { fileStorage } from "@langbatch/storage-file";
import { reportWork } from "../measure-child.js";

const [path = "", directory = ""] = process.argv.slice(2);

await reportWork(async () => {
  const batch = new OpenAIChatCompletionBatch(path, {
    storage: fileStorage(directory),
    batchKwargs: { apiKey: "unused" },
  });
  await batch.save();
});
