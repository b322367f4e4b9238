import { openAsBlob } from "node:fs";
import OpenAI from "openai";
import { reportWork } from "../measure-child.js";

const [path = "", baseURL = ""] = process.argv.slice(2);

await reportWork(async () => {
  const client = new OpenAI({ apiKey: "unused", baseURL });
  const file = new File([await openAsBlob(path)], "benchmark.jsonl", { type: "application/jsonl" });
  await client.files.create({ file, purpose: "batch" });
});
