import { openAsBlob } from "node:fs";
import { anthropic } from "@langbatch/anthropic";
import type { ShardInput } from "@langbatch/core";
import { reportWork } from "../measure-child.js";

const [path = "", baseURL = ""] = process.argv.slice(2);

await reportWork(async () => {
  const provider = anthropic({ apiKey: "unused", baseURL });
  const input: ShardInput = {
    tag: "benchmark",
    name: "benchmark.jsonl",
    requests: 100_000,
    model: undefined,
    data: await openAsBlob(path),
  };
  await provider.create(input, undefined, { endpoint: "/v1/chat/completions" });
});
