import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import { fileStorage } from "@langbatch/storage-file";
import { reportWork } from "../measure-child.js";
import type { PathStages } from "./path-stages.js";

const [path = "", directory = "", baseURL = "", results = ""] = process.argv.slice(2);

await reportWork(async (): Promise<PathStages> => {
  let before = process.cpuUsage();
  function cpuSeconds(): number {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    return (user + system) / 1e6;
  }
  const batch = new OpenAIChatCompletionBatch(path, {
    storage: fileStorage(directory),
    batchKwargs: { apiKey: "unused", baseURL, service: "openai" },
    // The fake server answers 50,000 requests before it answers the create, with whatever processor
    // is left to it: a create that comes too late would be looked for, for half an hour.
    sendDeadlineMs: 600_000,
  });
  await batch.save();
  const storing = cpuSeconds();
  await batch.start();
  const sending = cpuSeconds();
  const status = await batch.wait({ pollIntervalMs: 100 });
  if (status !== "completed") throw new Error(`The batch ended as ${status}.`);
  const collecting = cpuSeconds();
  await batch.getResultsFile({ path: results });
  return { storing, sending, collecting, writing: cpuSeconds() };
});
