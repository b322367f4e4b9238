import { AnthropicChatCompletionBatch } from "@langbatch/anthropic";
import { LangBatchError } from "@langbatch/core";
import { fileStorage } from "@langbatch/storage-file";

// What a user runs again and again until it is done.
const [input = "", state = "", baseURL = ""] = process.argv.slice(2);
const batch = new AnthropicChatCompletionBatch(input, {
  key: "nightly",
  storage: fileStorage(state),
  batchKwargs: { apiKey: "sk-ant-test", baseURL },
  settleMs: 400,
  sendDeadlineMs: 1_500,
});
try {
  await batch.start();
  await batch.wait({ pollIntervalMs: 20 });
  const { successful } = await batch.getResults();
  const answers = successful.map(({ custom_id, choices }) => [
    custom_id,
    choices[0]?.message.content,
  ]);
  process.stdout.write(JSON.stringify(answers));
} catch (error) {
  if (!LangBatchError.is(error) || !error.retryable) throw error;
  process.exitCode = 75;
}
