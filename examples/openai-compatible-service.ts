// Another service that speaks OpenAI's batch API, here Groq: examples/openai-compatible-service.ts
import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import OpenAI from "openai";

// Without a key of its own, the SDK would show the service the one in OPENAI_API_KEY.
const apiKey = process.env.GROQ_API_KEY;
if (!apiKey) throw new Error("Set GROQ_API_KEY.");
const baseURL = process.env.OPENAI_BASE_URL ?? "https://api.groq.com/openai/v1";
const client = new OpenAI({ apiKey, baseURL });

const batch = await OpenAIChatCompletionBatch.create(
  ["Name a river in Africa.", "Name a river in Asia."],
  {
    requestKwargs: { model: "llama-3.1-8b-instant" },
    // The client is never stored: give it to `load` as well.
    batchKwargs: { client, completionWindow: "24h" },
  },
);
await batch.start();
console.log(`Started ${batch.id} at ${new URL(client.baseURL).host}`);

await batch.wait();
const { successful, unsuccessful } = await batch.getResults();
for (const { custom_id, choices } of successful) {
  console.log(custom_id, "→", choices[0]?.message.content);
}
for (const { custom_id, error } of unsuccessful) console.log(custom_id, "failed:", error.message);
