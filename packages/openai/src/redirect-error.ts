import { LangBatchError } from "@langbatch/core";
import { isRefusedRedirect } from "@langbatch/core/http";
import type OpenAI from "openai";
import type { AskedService } from "./asked-service.js";

/**
 * The error of a call that was refused because the service wanted to redirect it, naming the address
 * to use instead; `undefined` where it failed for another reason.
 */
export async function redirectError(
  { client, providerId }: AskedService,
  cause: unknown,
): Promise<LangBatchError | undefined> {
  if (!isRefusedRedirect(cause)) return undefined;
  const target = await locationOf(client);
  const remedy = target ? `Use ${target} as \`baseURL\`.` : "Use the address it redirects to.";
  return new LangBatchError(
    "rejected",
    `${client.baseURL} redirects to another address, which an upload does not follow. ${remedy}`,
    { cause, provider: providerId },
  );
}

/** `fetch` keeps the target of a refused redirect to itself, so a request without a body asks again. */
async function locationOf(client: OpenAI): Promise<string | undefined> {
  try {
    await client.files.list(
      { limit: 1 },
      { fetchOptions: { redirect: "manual" }, maxRetries: 0, timeout: 10_000 },
    );
  } catch (error) {
    const headers = error instanceof Error && "headers" in error ? error.headers : undefined;
    const location = headers instanceof Headers ? headers.get("location") : undefined;
    if (!location) return undefined;
    const target = new URL(location, client.baseURL);
    return `${target.origin}${target.pathname.replace(/\/files\/?$/, "")}`;
  }
  return undefined;
}
