// Answers every request of a JSONL file: examples/from-jsonl-file.ts requests.jsonl
import { LangBatchError } from "@langbatch/core";
import { OpenAIChatCompletionBatch } from "@langbatch/openai";

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error("Which file? Try examples/requests.jsonl.");
  process.exit(1);
}

// With the file's name as its key, running this again after Ctrl-C goes on with the same batch.
const batch = new OpenAIChatCompletionBatch(file, { key: file });
const stop = new AbortController();
process.once("SIGINT", () => stop.abort(new Error("Detached. Run the same command to go on.")));

try {
  await batch.start({ signal: stop.signal });
  await batch.wait({
    signal: stop.signal,
    onStatus: (status, { succeeded, total }) => console.log(`${status}: ${succeeded} of ${total}`),
  });
  console.log(await batch.getResultsFile());
} catch (error) {
  process.exitCode = 1;
  console.error(error instanceof Error ? error.message : error);
  // The message has the first line that is wrong; these are the others.
  const problems = LangBatchError.is(error) ? (error.problems ?? []) : [];
  for (const { message } of problems.slice(1)) console.error(message);
}
