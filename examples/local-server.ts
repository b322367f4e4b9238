// Answers a JSONL file with a model server of your own: examples/local-server.ts requests.jsonl llama3.2
import { readFile } from "node:fs/promises";
import type { BatchProgress, ChatCompletionBody, RequestLine } from "@langbatch/core";
import { LocalChatCompletionBatch } from "@langbatch/local";

const [file, model] = process.argv.slice(2);
if (file === undefined) {
  console.error("Which file, and which model? Try examples/requests.jsonl llama3.2.");
  process.exit(1);
}

// Ollama's address. LM Studio's is http://127.0.0.1:1234/v1, vLLM's http://127.0.0.1:8000/v1.
const baseURL = process.env.LANGBATCH_BASE_URL ?? "http://127.0.0.1:11434/v1";
const apiKey = process.env.LANGBATCH_API_KEY; // most servers of one's own want none
const options = {
  // Running this again goes on with the same batch, whatever ended the run before.
  key: [file, model, baseURL].join(" "),
  // How many requests are on their way at once is found out by trying.
  batchKwargs: { baseURL, ...(apiKey && { apiKey }) },
};
const stop = new AbortController();
process.once("SIGINT", () => stop.abort(new Error("Stopped. The same command goes on.")));
const { signal } = stop;
let shown = "";

try {
  const batch =
    model === undefined
      ? new LocalChatCompletionBatch(file, options)
      : await LocalChatCompletionBatch.createFromRequests(requestsFor(model, file), options);
  await batch.start({ signal });
  // While nobody is there, or there is trouble, it goes on trying and says so.
  const onError = ({ message }: Error) => console.error(message);
  const status = await batch.wait({ signal, onError, onProgress: show });
  const { counts, shards } = await batch.getProgress();
  console.log(`${status}: ${counts.succeeded} of ${counts.total}`);
  for (const { report } of shards) console.log(report);
  console.log(await batch.getResultsFile());
} catch (error) {
  process.exitCode = 1;
  console.error(error instanceof Error ? error.message : error);
}

/** The requests of the file, unchanged but for their model. */
async function* requestsFor(
  name: string,
  path: string,
): AsyncGenerator<RequestLine<ChatCompletionBody>> {
  for (const line of (await readFile(path, "utf8")).trimEnd().split("\n")) {
    const request = JSON.parse(line);
    yield { ...request, body: { ...request.body, model: name } };
  }
}

function show({ counts, shards, remainingMs }: BatchProgress): void {
  const { concurrency = 0, tokensPerSecond = 0 } = shards.at(-1)?.report ?? {};
  const rest = remainingMs ? `, ${Math.ceil(remainingMs / 1000)} s left` : "";
  const done = `${counts.total - counts.pending} of ${counts.total} done`;
  const line = `${done}, ${concurrency} at once, ${Math.round(tokensPerSecond)} tokens/s${rest}`;
  if (line !== shown) console.log(line);
  shown = line;
}
