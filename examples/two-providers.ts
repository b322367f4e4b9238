// The same file of requests at OpenAI and at Anthropic: examples/two-providers.ts requests.jsonl
import { readFile } from "node:fs/promises";
import { AnthropicChatCompletionBatch } from "@langbatch/anthropic";
import type { ChatCompletionBody, RequestLine } from "@langbatch/core";
import { OpenAIChatCompletionBatch } from "@langbatch/openai";

const [path = "examples/requests.jsonl"] = process.argv.slice(2);
const lines = (await readFile(path, "utf8")).trimEnd().split("\n");

/** The requests of the file, unchanged but for their model. */
function* requestsFor(model: string): Generator<RequestLine<ChatCompletionBody>> {
  for (const line of lines) {
    const request = JSON.parse(line);
    yield { ...request, body: { ...request.body, model } };
  }
}

const batches = {
  OpenAI: await OpenAIChatCompletionBatch.createFromRequests(requestsFor("gpt-5-mini")),
  Claude: await AnthropicChatCompletionBatch.createFromRequests(requestsFor("claude-sonnet-5-5")),
};
// Both at once; each waits for its own provider.
await Promise.all(Object.values(batches).map((batch) => batch.start()));
await Promise.all(Object.values(batches).map((batch) => batch.wait()));

for (const [name, batch] of Object.entries(batches)) {
  const { successful, unsuccessful } = await batch.getResults();
  console.log(`${name}: ${successful.length} answers, ${unsuccessful.length} without one`);
  for (const { custom_id, choices } of successful.slice(0, 3)) {
    console.log(`  ${custom_id} → ${choices[0]?.message.content}`);
  }
  console.log(`  ${await batch.getResultsFile()}`);
}
