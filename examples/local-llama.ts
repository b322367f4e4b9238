// A model inside this process goes on with stories: LANGBATCH_GGUF=model.gguf examples/local-llama.ts
import { basename } from "node:path";
import type { ChatCompletions } from "@langbatch/core";
import { type Handler, LocalChatCompletionBatch } from "@langbatch/local";
import { findModel, type LlamaModel, loadModel } from "./local-llama/llama-model.js";

const beginnings = [
  "Once upon a time, there was a little dog named Max.",
  "One day, a girl found a red ball in the park.",
  "The cat saw a big bird in the tree.",
  "Tom and his mom went to the sea.",
  "It was raining, and Lily was sad.",
  "The old man had a secret box.",
];

const found = await findModel(process.env);
if (typeof found === "string") {
  console.log(found);
  process.exit(0);
}

const model = basename(found.path);
const atOnce = 2;
let loading: Promise<LlamaModel> | undefined;

/** Goes on with the text of the last message. The model is loaded when there is something to do. */
const answer: Handler<ChatCompletions> = async ({ custom_id: id, body }, { signal }) => {
  loading ??= loadModel(found, atOnce);
  const llama = await loading;
  const beginning = String(body.messages.at(-1)?.content ?? "");
  const maxTokens = body.max_completion_tokens ?? 80;
  const { text, isFinished } = await llama.continueText(beginning, { maxTokens, signal });
  return {
    id,
    object: "chat.completion",
    created: Math.floor(Date.now() / 1000),
    model: body.model,
    choices: [
      {
        index: 0,
        finish_reason: isFinished ? "stop" : "length",
        message: { role: "assistant", content: text },
      },
    ],
    usage: usageOf(llama.countTokens(beginning), llama.countTokens(text)),
  };
};

const batch = await LocalChatCompletionBatch.create(beginnings, {
  // The second run finds the answers of the first.
  key: `stories by ${model}`,
  requestKwargs: { model, max_completion_tokens: 80 },
  batchKwargs: { handler: answer, concurrency: atOnce },
});
await batch.start();
await batch.wait({ onStatus: (status, { succeeded }) => console.log(status, succeeded) });

let at = 0;
for await (const result of batch.results()) {
  const story = result.error ? result.error.message : result.choices[0]?.message.content;
  console.log(`\n${beginnings[at]} …${story}`);
  at += 1;
}
console.log(`\n${await batch.getResultsFile()}`);
await (await loading)?.close();

function usageOf(prompt_tokens: number, completion_tokens: number) {
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}
