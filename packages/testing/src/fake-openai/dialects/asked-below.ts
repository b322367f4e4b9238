import { Refusal } from "../reply.js";
import type { Dialect } from "./dialect.js";

/**
 * What is asked, as OpenAI would be asked it: below `/v1`.
 *
 * @throws Refusal where the path is none of the service's.
 */
export function askedBelow(
  method: string,
  url: URL,
  { basePaths }: Dialect,
): { readonly url: URL; readonly basePath: string } {
  const basePath = basePaths.find((path) => url.pathname.startsWith(`${path}/`));
  if (basePath === undefined) throw new Refusal(404, `Invalid URL (${method} ${url.pathname})`);
  // Azure's dated API is asked for by its date (Azure OpenAI documentation, API versions).
  if (basePath === "/openai" && !url.searchParams.has("api-version")) {
    throw new Refusal(404, "Resource not found");
  }
  const asked = new URL(url);
  asked.pathname = `/v1${url.pathname.slice(basePath.length)}`;
  return { url: asked, basePath };
}
