import { appendFile } from "node:fs/promises";
import PQueue from "p-queue";
import { reportWork } from "../measure-child.js";
import { askWithFetch, resultText } from "./ask.js";
import { readAllRequests } from "./read-all-requests.js";

const [path = "", url = "", concurrency = "", results = ""] = process.argv.slice(2);

await reportWork(async () => {
  const queue = new PQueue({ concurrency: Number(concurrency) });
  const requests = await readAllRequests(path);
  const tasks = requests.map((line) => async () => {
    await appendFile(results, resultText(line, await askWithFetch(url, line)));
  });
  await queue.addAll(tasks);
  return requests.length;
});
