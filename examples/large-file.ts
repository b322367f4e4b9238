// Answers a JSONL file of any size in small jobs: examples/large-file.ts requests.jsonl 20000
import { type BatchProgress, LangBatchError } from "@langbatch/core";
import { OpenAIChatCompletionBatch } from "@langbatch/openai";

const [file, perJob = "20000"] = process.argv.slice(2);
if (file === undefined) {
  console.error("Which file? Try examples/requests.jsonl 1.");
  process.exit(1);
}

const batch = new OpenAIChatCompletionBatch(file, {
  key: `large ${file}`,
  maxRequestsPerJob: Number(perJob), // a job that fails or expires takes no more than these with it
  maxActiveJobs: 10, // the others are sent as those end
});

try {
  await batch.start();
  // What expired or met a busy service is asked again, up to twice; what is wrong stays as it is.
  const status = await batch.wait({ retries: 2, onProgress: show });
  console.log(status, (await batch.getProgress()).counts);
  console.log(await batch.getResultsFile());
} catch (error) {
  process.exitCode = 1;
  console.error(LangBatchError.is(error) ? error.message : error);
}

function show({ counts, shards, uploadedBytes, totalBytes, remainingMs }: BatchProgress): void {
  const done = counts.total - counts.pending;
  const rest = remainingMs === undefined ? "" : `, ${Math.ceil(remainingMs / 60_000)} min left`;
  const sent = totalBytes === 0 ? 100 : Math.floor((100 * uploadedBytes) / totalBytes);
  console.log(`${done} of ${counts.total} done, ${sent} % sent${rest}`);
  const reasons = new Set(shards.flatMap(({ waiting }) => (waiting ? [waiting.message] : [])));
  for (const reason of reasons) console.log(`  waits: ${reason}`);
}
