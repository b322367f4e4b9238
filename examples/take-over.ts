// Takes over what somebody else has left at the service:
//   examples/take-over.ts              rebuilds every batch of a state directory that is gone
//   examples/take-over.ts <batch_...>  takes over one job that a dashboard or another tool created
import { recoverAll } from "@langbatch/core";
import { OpenAIChatCompletionBatch, openai } from "@langbatch/openai";
import { fileStorage } from "@langbatch/storage-file";

const [jobId] = process.argv.slice(2);

if (jobId === undefined) {
  for (const { id, state, jobs, problems } of await recoverAll(fileStorage(), openai())) {
    console.log(`${id}: ${state}, ${jobs} jobs`);
    for (const problem of problems) console.log(`  ${problem}`);
  }
} else {
  const batch = await OpenAIChatCompletionBatch.adopt(jobId);
  const { jobs } = await batch.recover();
  for (const { explanation } of jobs) console.log(explanation);
  console.log(await batch.wait());
  console.log(await batch.getResultsFile());
}
