import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import { fileStorage } from "@langbatch/storage-file";
import { reportWork } from "../measure-child.js";
import { pickCustomIds } from "../pick-custom-ids.js";

const [directory = "", lines = "", count = "", id = ""] = process.argv.slice(2);
const wanted = pickCustomIds(Number(count), Number(lines));

await reportWork(async () => {
  const batch = await OpenAIChatCompletionBatch.load(id, {
    storage: fileStorage(directory),
    batchKwargs: { apiKey: "unused" },
  });
  return (await batch.getRequestsByCustomIds(wanted)).length;
});
