// The whole way of a batch, on real input: npm run demo:openai
import { parseArgs } from "node:util";
import { LangBatchError } from "@langbatch/core";
import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import OpenAI from "openai";
import { bold, count, dim, shortPath, statusLine } from "./demo/terminal.js";
import { readMovies, writeRequests } from "./demo-openai/movies.js";
import { offlineClient, startSimulatedOpenAI } from "./demo-openai/simulated-openai.js";
import { home, printSummary, reasons } from "./demo-openai/summary.js";

const usage = "Usage: npm run demo:openai [-- --load <batch id>]";

/** Who presses Ctrl-C, or closes the pipe, stops waiting; the second Ctrl-C ends the process. */
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
process.stdout.on("error", () => stop.abort());

async function runBatch(): Promise<void> {
  const movies = await readMovies();
  const { file, bytes } = await writeRequests(movies);
  console.log(bold(`LangBatch: the genre of ${count(movies.length)} films, in one batch`));
  console.log("\nThe answers are simulated: a fake OpenAI server runs inside this process.");
  console.log("The films, the openai package and LangBatch are real. No key, no cost.\n");
  console.log(`  Requests  ${shortPath(file)} (${(bytes / 1_000_000).toFixed(1)} MB)`);

  const server = await startSimulatedOpenAI(movies);
  try {
    const client = new OpenAI({ apiKey: "simulated", baseURL: server.url });
    const batch = new OpenAIChatCompletionBatch(file, { batchKwargs: { client } });
    console.log(`  Batch     ${batch.id}\n`);
    await answerAll(batch);
    const seconds = (performance.now() / 1000).toFixed(1);
    console.log(bold(`\nDone in ${seconds} s.\n`));
    await printSummary(batch, movies);
    console.log(
      dim(
        `\nEvery run makes a new batch. With \`key: "movies"\` beside \`batchKwargs\`, the second`,
      ),
    );
    console.log(
      dim(`run would find the first one's answers and pay nothing. All of it is in ${home()}.`),
    );
  } finally {
    await server.close();
  }
}

/** Waits for the answers, then asks once more for those that are missing. */
async function answerAll(batch: OpenAIChatCompletionBatch): Promise<void> {
  const { signal } = stop;
  const line = statusLine();
  try {
    await batch.start({ signal });
    // A real service takes minutes to hours, which the default is made for.
    await batch.wait({ signal, pollIntervalMs: 200, onStatus: line.show });
    line.end();
    console.log(`\nWithout an answer: ${await reasons(batch)}.`);
    console.log("retry() asks again for these, and for nothing else.\n");
    await batch.retry({ signal });
    await batch.wait({ signal, pollIntervalMs: 200, onStatus: line.show });
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Detached(batch.id);
  } finally {
    line.end();
  }
}

/** Shows a batch that an earlier run made. */
async function showBatch(id: string): Promise<void> {
  const client = offlineClient();
  const batch = await OpenAIChatCompletionBatch.load(id, { batchKwargs: { client } });
  console.log(bold(`LangBatch: ${batch.id}, loaded from ${home()}\n`));
  try {
    await printSummary(batch, await readMovies());
  } catch (error) {
    if (!LangBatchError.is(error, "provider_failed")) throw error;
    throw new Error(
      "This batch was interrupted, and its simulated service is gone. Run the demo again.",
      { cause: error },
    );
  }
}

class Detached extends Error {
  constructor(id: string) {
    super(`
Detached: nothing waits for ${id} any more; nothing was cancelled or lost.
A real service would go on, and OpenAIChatCompletionBatch.load("${id}")
would bring its answers home. The simulated one ends here: run the demo again.`);
  }
}

try {
  const { values } = parseArgs({
    options: { load: { type: "string" }, help: { type: "boolean" } },
  });
  if (values.help) console.log(usage);
  else if (values.load === undefined) await runBatch();
  else await showBatch(values.load);
} catch (error) {
  if (error instanceof Detached) {
    console.log(error.message);
    // What the shell expects of who was interrupted.
    process.exitCode = 130;
  } else {
    console.error(error instanceof Error ? error.message : error);
    if (!LangBatchError.is(error)) console.error(usage);
    process.exitCode = 1;
  }
}
