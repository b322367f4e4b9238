// Keeps a batch in Google Cloud Storage: start it on one machine, read the answers on another.
//   examples/batches-in-gcs.ts <bucket>        starts it, prints its id and ends
//   examples/batches-in-gcs.ts <bucket> <id>   waits for it, on any machine, and prints the answers
import { Storage } from "@google-cloud/storage";
import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import { gcsStorage } from "@langbatch/storage-gcs";

const [bucketName, id] = process.argv.slice(2);
if (bucketName === undefined) throw new Error("Name a bucket.");

// The credentials are those of the machine: "gcloud auth application-default login".
const storage = gcsStorage({ bucket: new Storage().bucket(bucketName), prefix: "batches" });

if (id === undefined) {
  const batch = await OpenAIChatCompletionBatch.create(
    ["Say something nice about Monday.", "Say something nice about Tuesday."],
    { storage, requestKwargs: { model: "gpt-5-mini" } },
  );
  await batch.start();
  console.log("The service has it; this machine may go. Its id:");
  console.log(batch.id);
} else {
  const batch = await OpenAIChatCompletionBatch.load(id, { storage });
  console.log(await batch.wait());
  for await (const result of batch.results()) {
    console.log(result.custom_id, "→", result.error ?? result.choices[0]?.message.content);
  }
}
