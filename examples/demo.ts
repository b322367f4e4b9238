// A real model answers a batch in this process, without a key: npm run demo
import { LangBatchError } from "@langbatch/core";
import { LocalEmbeddingBatch } from "@langbatch/local";
import { readArguments, usage } from "./demo/arguments.js";
import { type Emoji, readEmojis } from "./demo/emojis.js";
import { type Model, openModel } from "./demo/model.js";
import { textsPerRequest, type WrittenRequests, writeRequests } from "./demo/requests.js";
import { readVectors } from "./demo/search.js";
import { showCommands, showReport, showSamples, showSearch } from "./demo/show.js";
import { bold, count, shortPath, statusLine } from "./demo/terminal.js";

/** Who presses Ctrl-C, or closes the pipe, stops the work; the second Ctrl-C ends the process. */
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
process.stdout.on("error", () => stop.abort());

async function runDemo(): Promise<void> {
  const { isHelp, words, isFresh, texts } = readArguments();
  if (isHelp) return console.log(usage);
  const emojis = await readEmojis(texts);
  const requests = await writeRequests(emojis, { isFresh });
  const model = openModel();
  const batch = new LocalEmbeddingBatch(requests.file, {
    key: requests.key,
    // It computes on this thread: a second request would only wait for the first.
    batchKwargs: { handler: model.answer, concurrency: 1 },
  });
  const command = (...args: readonly string[]) => {
    const all = texts === undefined ? args : [...args, `--texts ${texts}`];
    return ["npm run demo", ...(all.length > 0 ? ["--", ...all] : [])].join(" ");
  };
  if (words === undefined) introduce(emojis, requests, batch);
  await answerAll(batch, { isQuiet: words !== undefined, goOn: command() });
  const vectors = await readVectors(batch.results(), emojis);
  if (words !== undefined) return showSearch(words, await model.embed(words), vectors);

  console.log(bold(`\nDone in ${seconds()} s: ${whoAnswered(requests.count, model)}.\n`));
  await showReport(batch);
  console.log();
  showSamples(vectors);
  showCommands([
    [command('"a letter from a friend"'), "search with your own words"],
    [command(), "find this run's answers: nobody is asked"],
    [command("--fresh"), "ask anew; Ctrl-C in the middle, then"],
    [command(), "go on where it stood"],
  ]);
}

function introduce(
  emojis: readonly Emoji[],
  { file, key, count: requests }: WrittenRequests,
  batch: LocalEmbeddingBatch,
): void {
  console.log(bold(`LangBatch: ${count(emojis.length)} emoji, found by what you mean`));
  console.log(
    "\nA real model, Universal Sentence Encoder lite, reads the name and the keywords of",
  );
  console.log("each emoji. It runs inside this process: no key, no cost, no network.\n");
  console.log(`  Requests  ${shortPath(file)}`);
  console.log(`            ${count(requests)} requests of ${textsPerRequest} texts at most`);
  console.log(`  Batch     ${batch.id}`);
  console.log(`            made from the key "${key}": the same in every run\n`);
}

/** Has every request answered that has no answer yet. */
async function answerAll(
  batch: LocalEmbeddingBatch,
  { isQuiet, goOn }: { readonly isQuiet: boolean; readonly goOn: string },
): Promise<void> {
  const { signal } = stop;
  const line = statusLine();
  let done = "nothing";
  let isShown = !isQuiet;
  try {
    await batch.start({ signal });
    await batch.wait({
      signal,
      pollIntervalMs: 500,
      onProgress({ status, counts, remainingMs }) {
        const isOver = counts.pending === 0;
        if (!isShown && !isOver) {
          console.log("The model has not read all emoji yet: that comes first.");
          isShown = true;
        }
        done = `${count(counts.total - counts.pending)} of ${count(counts.total)} requests`;
        if (isShown) line.show(status, counts, isOver ? undefined : remainingMs);
      },
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Interrupted(done, goOn);
  } finally {
    line.end();
  }
  if (isQuiet && isShown) console.log();
}

/** Whose answers they are: those of an earlier run cost nothing in this one. */
function whoAnswered(requests: number, { answered }: Model): string {
  if (answered === 0) return "every answer was here from an earlier run, and nobody was asked";
  const known = requests - answered;
  const model = `the model answered ${count(answered)} requests`;
  return known === 0 ? model : `${count(known)} answers were here from an earlier run, ${model}`;
}

function seconds(): string {
  return (performance.now() / 1000).toFixed(1);
}

class Interrupted extends Error {
  constructor(done: string, goOn: string) {
    super(`
Interrupted: ${done} answered, and none of them will be asked again. This goes on:
  ${bold(goOn)}`);
  }
}

try {
  await runDemo();
} catch (error) {
  if (error instanceof Interrupted) {
    console.log(error.message);
    // What the shell expects of who was interrupted.
    process.exitCode = 130;
  } else {
    console.error(LangBatchError.is(error) || error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
