import { openai } from "../../src/index.js";
import { openHarness } from "./open-harness.js";
import { context, shard } from "./provider-input.js";

/** A provider with the SDK's own retries, and an input that is uploaded already. */
export async function uploadInput() {
  const { server, client } = await openHarness();
  const provider = openai({ client: client.withOptions({ maxRetries: 2 }) });
  const uploaded = await provider.upload?.(shard(), context);
  const create = (signal?: AbortSignal) =>
    provider.create(shard(), uploaded, { ...context, ...(signal && { signal }) });
  return { server, provider, uploaded, create };
}
