import type { CallContext, ShardInput } from "@langbatch/core";

/** What every call of a test is told. */
export const context: CallContext = { endpoint: "/v1/chat/completions" };

/** A job's worth of two requests, written as the provider writes them. */
export function shard(requests = 2): ShardInput {
  const lines = Array.from({ length: requests }, (_, at) => ({
    custom_id: `k3j0k3j0k3j0k3j0k3j0R0N${at}`,
    params: {
      model: "claude-sonnet-5-5",
      max_tokens: 16,
      messages: [{ role: "user", content: `Question ${at}` }],
    },
  }));
  return {
    tag: "lb-k3j0k3j0k3j0k3j0k3j0-0-0-1",
    name: "lb-k3j0k3j0k3j0k3j0k3j0-0-0-1.jsonl",
    requests,
    model: "claude-sonnet-5-5",
    data: new Blob([JSON.stringify({ requests: lines })]),
  };
}

/** All that a stream yields. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
