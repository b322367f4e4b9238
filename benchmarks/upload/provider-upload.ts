import { openAsBlob } from "node:fs";
import type { ShardInput } from "@langbatch/core";
import { openai } from "@langbatch/openai";
import { reportWork } from "../measure-child.js";

const [path = "", baseURL = ""] = process.argv.slice(2);

await reportWork(async () => {
  const provider = openai({ apiKey: "unused", baseURL });
  const input: ShardInput = {
    tag: "benchmark",
    name: "benchmark.jsonl",
    requests: 50_000,
    model: "gpt-4o-mini",
    data: await openAsBlob(path),
  };
  await provider.upload?.(input, { endpoint: "/v1/chat/completions" });
});
