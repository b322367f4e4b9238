import { readFile } from "node:fs/promises";
import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import { fileStorage } from "@langbatch/storage-file";
import { reportWork } from "../measure-child.js";
import type { Brought } from "./brought.js";

const [path = "", baseURL = "", idsPath = "", directory = "", how = ""] = process.argv.slice(2);
const ids = JSON.parse(await readFile(idsPath, "utf8")) as readonly string[];

/** How many results were successful and how many were not: all in memory, or one after the other. */
async function countResults(
  batch: OpenAIChatCompletionBatch,
): Promise<Pick<Brought, "successful" | "unsuccessful">> {
  if (how === "lists") {
    const { successful, unsuccessful } = await batch.getResults();
    return { successful: successful.length, unsuccessful: unsuccessful.length };
  }
  const counts = { successful: 0, unsuccessful: 0 };
  for await (const { error } of batch.results()) {
    counts[error === null ? "successful" : "unsuccessful"] += 1;
  }
  return counts;
}

await reportWork(async (): Promise<Brought> => {
  const batch = new OpenAIChatCompletionBatch(path, {
    storage: fileStorage(directory),
    batchKwargs: { apiKey: "unused", baseURL, service: "openai" },
    sendDeadlineMs: 600_000,
  });
  await batch.start();
  await batch.wait({ pollIntervalMs: 100 });
  const counts = await countResults(batch);
  const found = await batch.getRequestsByCustomIds(ids);
  return { ...counts, found: found.length };
});
