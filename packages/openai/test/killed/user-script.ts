import { LangBatchError } from "@langbatch/core";
import { OpenAIChatCompletionBatch, openai } from "@langbatch/openai";
import { fileStorage } from "@langbatch/storage-file";
import OpenAI from "openai";
import {
  runAgain,
  type ScriptOutput,
  type ScriptSettings,
  startedLine,
} from "./script-settings.js";

process.stdout.write(startedLine);
const settings: ScriptSettings = JSON.parse(process.argv[2] ?? "");
const { input, state, baseURL, settleMs, sendDeadlineMs, timeoutMs, maxRequests } = settings;

/** Cuts its input smaller than OpenAI's limits ask for: several jobs of a few requests. */
class SmallJobsBatch extends OpenAIChatCompletionBatch {
  static override readonly parts: typeof OpenAIChatCompletionBatch.parts = {
    ...OpenAIChatCompletionBatch.parts,
    provider(options) {
      const provider = openai(options);
      return {
        ...provider,
        async traits(context) {
          const traits = await provider.traits(context);
          return { ...traits, maxRequests: maxRequests ?? traits.maxRequests };
        },
      };
    },
  };
}

// The client a user makes, its own retries included.
const client = new OpenAI({
  apiKey: "sk-test",
  baseURL,
  ...(timeoutMs !== undefined && { timeout: timeoutMs }),
});
const batch = new SmallJobsBatch(input, {
  key: "nightly",
  storage: fileStorage(state),
  batchKwargs: { client },
  settleMs,
  sendDeadlineMs,
});
try {
  await batch.start();
  await batch.wait({ pollIntervalMs: 20 });
  const { successful, unsuccessful } = await batch.getResults();
  const output: ScriptOutput = {
    successful: successful.map(({ custom_id: id, choices }) => ({
      id,
      text: choices[0]?.message.content ?? null,
    })),
    unsuccessful: unsuccessful.map(({ custom_id: id, error }) => ({ id, code: error.code })),
  };
  process.stdout.write(JSON.stringify(output));
} catch (error) {
  // Anything else than the provider's troubles is a failure of the test.
  if (!LangBatchError.is(error) || !(error.retryable || error.code === "provider_failed")) {
    throw error;
  }
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = runAgain;
}
