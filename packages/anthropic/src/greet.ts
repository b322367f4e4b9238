import { type CallContext, LangBatchError } from "@langbatch/core";
import { headersOf, readAnswer } from "@langbatch/core/http";
import type { ServiceCaller } from "./service-caller.js";

/**
 * Asks for as little as there is, to learn whose key it is, and whether it is one at all.
 *
 * @returns whether the service has answered; that it did not is for the next request to say.
 * @throws `rejected` where the key is wrong, or the address leads elsewhere: nothing that is sent there
 * would be taken.
 */
export async function greet(
  { ask, client }: ServiceCaller,
  path: string,
  { endpoint, signal }: CallContext,
): Promise<boolean> {
  const options = {
    query: { limit: 1 },
    maxRetries: 0,
    fetchOptions: { redirect: "manual" },
  } as const;
  const context = { endpoint, ...(signal && { signal }) };
  try {
    const answer = await ask("create", context, (asked) =>
      asked.get(path, { ...options, ...(signal && { signal }) }),
    );
    await readAnswer(answer);
    return true;
  } catch (error) {
    if (!LangBatchError.is(error) || error.status === 401 || error.status === 403) throw error;
    const { status = 0 } = error;
    if (status >= 300 && status < 400) throw redirected(client().baseURL, path, error);
    return status > 0;
  }
}

function redirected(baseURL: string, path: string, error: LangBatchError): LangBatchError {
  const location = headersOf(error.cause)?.get("location");
  const target =
    location && URL.canParse(location, baseURL) ? new URL(location, baseURL) : undefined;
  const address = target && `${target.origin}${target.pathname.replace(path, "")}`;
  return new LangBatchError(
    "rejected",
    `${baseURL} redirects to another address, which a new batch does not follow. ${address ? `Use ${address.replace(/\/$/, "")} as \`baseURL\`.` : "Use the address it redirects to."}`,
    { cause: error, provider: "anthropic" },
  );
}
