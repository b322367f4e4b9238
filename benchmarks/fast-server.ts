import { startFakeOpenAI } from "@langbatch/testing/fake-openai";

// Every job is done as soon as it is asked for: what is measured is the client.
const server = await startFakeOpenAI({
  clock: "real",
  ...{ validatingMs: 0, runningMs: 0, finalizingMs: 0 },
});
process.send?.(server.url);
process.once("disconnect", () => void server.close());
