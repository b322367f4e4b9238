// Starts a batch in one process and reads it in another:
//   examples/load-in-another-process.ts        starts it, prints its id and ends
//   examples/load-in-another-process.ts <id>   waits for it, on any day, and prints the answers
import { OpenAIChatCompletionBatch } from "@langbatch/openai";

const [id] = process.argv.slice(2);

if (id === undefined) {
  const batch = await OpenAIChatCompletionBatch.create(
    ["Say something nice about Monday.", "Say something nice about Tuesday."],
    { requestKwargs: { model: "gpt-5-mini" } },
  );
  await batch.start();
  console.log("The service has it; this process may end. Its id:");
  console.log(batch.id);
} else {
  const batch = await OpenAIChatCompletionBatch.load(id);
  console.log(await batch.wait());
  for await (const result of batch.results()) {
    console.log(result.custom_id, "→", result.error ?? result.choices[0]?.message.content);
  }
}
