// Azure OpenAI, with a key or with Microsoft Entra ID:
//   AZURE_OPENAI_ENDPOINT=https://NAME.openai.azure.com examples/azure-openai.ts <deployment>
// With AZURE_OPENAI_API_KEY the key is used; without, whoever is signed in (`az login`, a managed identity).
import { DefaultAzureCredential, getBearerTokenProvider } from "@azure/identity";
import { AzureOpenAIChatCompletionBatch, type AzureOpenAIOptions } from "@langbatch/azure-openai";

const [deployment = "gpt-5-mini-batch"] = process.argv.slice(2);

function credentials(): AzureOpenAIOptions {
  if (process.env.AZURE_OPENAI_API_KEY) return {};
  // The tokens are fetched when they are needed, and again when they run out.
  const scope = "https://cognitiveservices.azure.com/.default";
  return { azureADTokenProvider: getBearerTokenProvider(new DefaultAzureCredential(), scope) };
}

const batch = await AzureOpenAIChatCompletionBatch.create(
  ["Name a mountain in Africa.", "Name a mountain in Asia."],
  {
    requestKwargs: { model: deployment },
    batchKwargs: { ...credentials(), deployment },
  },
);
await batch.start();
console.log(`Started ${batch.id}`);

await batch.wait({ onStatus: (status) => console.log(status) });
for await (const result of batch.results()) {
  console.log(result.custom_id, "→", result.error ?? result.choices[0]?.message.content);
}
