import { startFakeOpenAI } from "@langbatch/testing/fake-openai";

const server = await startFakeOpenAI();
process.send?.(server.url);
process.once("disconnect", () => void server.close());
