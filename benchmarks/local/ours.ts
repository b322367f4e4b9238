import { LocalChatCompletionBatch } from "@langbatch/local";
import { fileStorage } from "@langbatch/storage-file";
import { reportWork } from "../measure-child.js";

/** What each part of a batch took, beside what reading and starting the process takes. */
export interface LocalStages {
  /** `save`: check, cut, hash, copy. */
  readonly saving: StageTimes;
  /** From `start` until `wait` resolves: what a loop by hand does. */
  readonly asking: StageTimes;
  /** `getResultsFile`. */
  readonly writing: StageTimes;
}

interface StageTimes {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Without a number of requests at a time, it finds out by itself how many the endpoint bears. */
const [path = "", baseURL = "", directory = "", results = "", concurrency] = process.argv.slice(2);

await reportWork(async (): Promise<LocalStages> => {
  let cpuBefore = process.cpuUsage();
  let before = performance.now();
  function stage(): StageTimes {
    const { user, system } = process.cpuUsage(cpuBefore);
    const seconds = (performance.now() - before) / 1000;
    cpuBefore = process.cpuUsage();
    before = performance.now();
    return { seconds, cpuSeconds: (user + system) / 1e6 };
  }
  const batch = new LocalChatCompletionBatch(path, {
    storage: fileStorage(directory),
    batchKwargs: {
      baseURL,
      ...(concurrency !== undefined && { concurrency: Number(concurrency) }),
    },
  });
  await batch.save();
  const saving = stage();
  await batch.start();
  const status = await batch.wait();
  if (status !== "completed") throw new Error(`The batch ended as ${status}.`);
  const asking = stage();
  await batch.getResultsFile({ path: results });
  return { saving, asking, writing: stage() };
});
