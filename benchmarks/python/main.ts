import { rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { countOptions } from "../count-options.js";
import { printGoals } from "../goals.js";
import { makeChatFile } from "../make-chat-file.js";
import { type Measured, type Measurement, measureChild } from "../measure-child.js";
import { pickCustomIds } from "../pick-custom-ids.js";
import { withServer } from "../serve-child.js";
import { columns, megabytes, summarize } from "../summary.js";
import type { Brought } from "./brought.js";
import { openPythonClient, type PythonClient } from "./python-client.js";

const mostTimesItsProcessor = 0.7;
const mostTimesItsMemory = 0.5;
const { requests, ids, repetitions } = countOptions({
  ...{ requests: 50_000, ids: 5_000, repetitions: 3 },
});

const client = await openPythonClient().catch((error: unknown) => {
  console.log(`There is nothing to compare with: ${String(error)}`);
  return undefined;
});
if (client) await compare(client);

async function compare({ versions, run }: PythonClient): Promise<void> {
  const file = await makeChatFile(requests);
  const idsPath = join(dirname(file.path), "ids.json");
  const state = join(dirname(file.path), "state");
  const script = new URL("./ours.js", import.meta.url);
  const ours = (url: string, how: "lists" | "stream") =>
    measureChild<Brought>(script, [file.path, url, idsPath, state, how]);
  const cases = [
    {
      name: "Python, with orjson",
      measure: (url: string) => run("orjson", [file.path, url, idsPath], state),
    },
    {
      name: "Python, without",
      measure: (url: string) => run("plain", [file.path, url, idsPath], state),
    },
    {
      name: "ours, results() one by one",
      measure: (url: string) => ours(url, "stream"),
    },
    {
      name: "ours, getResults()",
      measure: (url: string) => ours(url, "lists"),
    },
  ].map((one) => ({ ...one, runs: [] as Measurement[] }));

  try {
    await writeFile(idsPath, JSON.stringify([...pickCustomIds(ids, requests)]));
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      for (const { name, measure, runs } of cases) {
        const server = new URL("../fast-server.js", import.meta.url);
        const measured = await withServer<Measured<Brought>>(server, [], measure);
        const all: Brought = { successful: requests, unsuccessful: 0, found: ids };
        if (!isDeepStrictEqual(measured.result, all)) {
          throw new Error(`"${name}" brought ${JSON.stringify(measured.result)}.`);
        }
        runs.push(measured);
        await rm(state, { recursive: true, force: true });
      }
    }
  } finally {
    await file.remove();
  }

  const summaries = cases.map(({ name, runs }) => ({ name, summary: summarize(runs) }));
  const fastest = summaries[0]?.summary ?? summarize([]);
  // The one that does as the Python package does: all results in two lists.
  const lists = summaries.at(-1)?.summary ?? fastest;
  console.log(versions);
  console.log(
    `${requests} requests, ${megabytes(file.bytes)} MB, ${ids} ids, ${repetitions} runs of each`,
  );
  console.table(
    Object.fromEntries(
      summaries.map(({ name, summary }) => [
        name,
        {
          "cpu ratio": (summary.cpu / fastest.cpu).toFixed(2),
          "peak ratio": (summary.peakBytes / fastest.peakBytes).toFixed(2),
          ...columns(summary),
        },
      ]),
    ),
  );
  printGoals([
    {
      name: "times its processor time, with orjson,",
      ...{ measured: lists.cpu / fastest.cpu, most: mostTimesItsProcessor, digits: 2 },
    },
    {
      name: "times its peak memory",
      ...{ measured: lists.peakBytes / fastest.peakBytes, most: mostTimesItsMemory, digits: 2 },
    },
  ]);
}
