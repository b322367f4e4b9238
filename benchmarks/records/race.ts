import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import { fileStorage } from "@langbatch/storage-file";
import { makeChatFile } from "../make-chat-file.js";
import { type Measured, measureChild } from "../measure-child.js";
import { withServer } from "../serve-child.js";
import type { RecordCounts } from "./counting-storage.js";

/** How a race went: one entry for each process, and the jobs that the server was asked for. */
export interface Race {
  readonly runs: readonly Measured<RecordCounts>[];
  readonly jobs: number;
}

/** Lets several processes start and wait for one batch of so many shards, all at the same time. */
export async function race(shards: number, processes: number): Promise<Race> {
  const file = await makeChatFile(shards, 400);
  const directory = join(dirname(file.path), "state");
  try {
    const batch = new OpenAIChatCompletionBatch(file.path, {
      storage: fileStorage(directory),
      batchKwargs: { apiKey: "unused" },
      maxRequestsPerJob: 1,
    });
    await batch.save();
    const server = new URL("../fast-server.js", import.meta.url);
    return await withServer(server, [], async (url) => {
      const racer = new URL("./racer.js", import.meta.url);
      const args = [directory, batch.id, url, String(shards)];
      const racers = Array.from({ length: processes }, () => {
        return measureChild<RecordCounts>(racer, args);
      });
      // All of them end before the server does, also where one has failed.
      await Promise.allSettled(racers);
      return { runs: await Promise.all(racers), jobs: await countJobs(url) };
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
    await file.remove();
  }
}

/** Every job that was ever created at the server, by its own list. */
async function countJobs(url: string): Promise<number> {
  let jobs = 0;
  for (let after: string | undefined; ; ) {
    const query = new URLSearchParams({ limit: "100", ...(after !== undefined && { after }) });
    const headers = { authorization: "Bearer unused" };
    const answer = await fetch(`${url}/batches?${query}`, { headers });
    if (!answer.ok) throw new Error(`The server answered ${answer.status} to a list.`);
    const page = (await answer.json()) as {
      readonly data: readonly { readonly id: string }[];
      readonly has_more: boolean;
    };
    jobs += page.data.length;
    after = page.data.at(-1)?.id;
    if (!page.has_more || after === undefined) return jobs;
  }
}
