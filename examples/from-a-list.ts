// Asks a list of questions: examples/from-a-list.ts
import { OpenAIChatCompletionBatch } from "@langbatch/openai";

const capitals = ["France", "Japan", "Kenya", "Peru"];

// Each item is a text, a list of messages, or a body with a `custom_id` of its own, as here.
const items = capitals.map((country) => ({
  custom_id: country.toLowerCase(),
  messages: [{ role: "user", content: `What is the capital of ${country}?` }],
}));

const batch = await OpenAIChatCompletionBatch.create(items, {
  requestKwargs: { model: "gpt-5-mini" },
});
await batch.start();
console.log(`Started ${batch.id}; a service takes minutes to hours.`);

await batch.wait({ onStatus: (status, counts) => console.log(status, counts) });
for await (const result of batch.results()) {
  console.log(result.custom_id, "→", result.error ?? result.choices[0]?.message.content);
}
