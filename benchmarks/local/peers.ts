import { rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Measured } from "../measure-child.js";
import { columns, type Summary, summarize } from "../summary.js";
import type { ChatRequestLine } from "./ask.js";
import { checkResults } from "./check-results.js";
import { makeQuestionFile } from "./make-question-file.js";
import { measureOurs, withEndpoint } from "./measure-run.js";
import { parsedLines } from "./parsed-lines.js";
import { openPythonLoops, type PythonLoops } from "./python-loops.js";

const latencyMs = 20;
const concurrency = 64;

/** Compares with what asks so many requests in Python, as far as that is to be had. */
export async function measurePeers(requests: number, repetitions: number): Promise<void> {
  const loops = await openPythonLoops().catch((error: unknown) => {
    console.log(`There is no Python to compare with: ${String(error)}`);
    return undefined;
  });
  if (loops) await compare(loops, requests, repetitions);
}

async function compare(
  { run, fetchCookbook }: PythonLoops,
  requests: number,
  repetitions: number,
): Promise<void> {
  const cookbook = await fetchCookbook().catch((error: unknown) => {
    console.log(
      `The OpenAI cookbook's script cannot be fetched, and is left out: ${String(error)}`,
    );
    return undefined;
  });
  const file = await makeQuestionFile(requests);
  const folder = dirname(file.path);
  const bodies = join(folder, "bodies.jsonl");
  const results = join(folder, "results.jsonl");
  const ours: Measured<unknown>[] = [];
  const aiohttp: Measured<number>[] = [];
  const cookbooks: Measured<number>[] = [];
  try {
    if (cookbook !== undefined) await writeBodies(file.path, bodies);
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      aiohttp.push(
        await withEndpoint(latencyMs, (url) =>
          run("aiohttp_loop.py", [file.path, url, String(concurrency), results]),
        ),
      );
      await checkResults(results, requests);
      await rm(results);
      if (cookbook !== undefined) {
        const measured = await withEndpoint(latencyMs, (url) =>
          run("cookbook.py", [cookbook, bodies, url, results]),
        );
        if (measured.result !== requests) throw new Error(`It has ${measured.result} answers.`);
        cookbooks.push(measured);
        await rm(results);
      }
      ours.push(await measureOurs({ file, latencyMs, concurrency }));
    }
  } finally {
    await file.remove();
  }
  const rows: readonly (readonly [string, Summary])[] = [
    ["asyncio and aiohttp, 64 workers, by hand", summarize(aiohttp)],
    ...(cookbook === undefined
      ? []
      : [["the OpenAI cookbook's script", summarize(cookbooks)] as const]),
    ["ours, with save and the results file", summarize(ours)],
  ];
  console.log(`${requests} requests, answers after ${latencyMs} ms, ${repetitions} runs of each`);
  console.table(
    Object.fromEntries(
      rows.map(([name, summary]) => [
        name,
        { "requests/s": (requests / summary.median).toFixed(0), ...columns(summary) },
      ]),
    ),
  );
}

/** The script takes bodies, one a line. */
async function writeBodies(from: string, to: string): Promise<void> {
  const texts: string[] = [];
  for await (const { body } of parsedLines<ChatRequestLine>(from)) texts.push(JSON.stringify(body));
  await writeFile(to, `${texts.join("\n")}\n`);
}
