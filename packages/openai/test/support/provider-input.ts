import type { CallContext, ShardInput } from "@langbatch/core";
import { chatLine } from "./open-harness.js";

export const context: CallContext = { endpoint: "/v1/chat/completions" };

export const tag = "lb-0123456789-0-0-1";

/** One request, or one for each of these custom_ids. */
export function shard(...customIds: readonly string[]): ShardInput {
  const ids = customIds.length > 0 ? customIds : ["a"];
  const lines = ids.map((id) => `${JSON.stringify(chatLine(id))}\n`);
  return {
    tag,
    name: `${tag}.jsonl`,
    requests: ids.length,
    model: "gpt-5-mini",
    data: new Blob(lines),
  };
}
