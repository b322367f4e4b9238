import { appendFile } from "node:fs/promises";
import pLimit from "p-limit";
import { reportWork } from "../measure-child.js";
import { askWithFetch, resultText } from "./ask.js";
import { readAllRequests } from "./read-all-requests.js";

const [path = "", url = "", concurrency = "", results = ""] = process.argv.slice(2);

await reportWork(async () => {
  const limit = pLimit(Number(concurrency));
  const requests = await readAllRequests(path);
  const tasks = requests.map((line) =>
    limit(async () => {
      await appendFile(results, resultText(line, await askWithFetch(url, line)));
    }),
  );
  await Promise.all(tasks);
  return requests.length;
});
