import { LangBatchError } from "@langbatch/core";
import type { Secrets } from "@langbatch/core/http";

/** Where an endpoint is asked. */
export interface EndpointAddress {
  /** `https://host:port`. */
  readonly origin: string;
  /** How messages speak of it: without credentials and query. */
  readonly shown: string;
  /** The value of a basic `authorization` header, where the address has credentials. */
  readonly authorization: string | undefined;
  /** What of it nothing may show. */
  readonly secrets: Secrets;
  /** The path and query that a request with this `url` is asked at. */
  pathOf(url: string): string;
}

/**
 * Reads a `baseURL` as the SDKs do: it ends where the path of an endpoint begins, mostly in `/v1`, so
 * that `/v1/chat/completions` is asked at `<baseURL>/chat/completions`. Its query stays.
 *
 * @throws `invalid_option` where it is no address of HTTP.
 */
export function endpointAddress(baseURL: string): EndpointAddress {
  const url = URL.canParse(baseURL) ? new URL(baseURL) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") throw noAddress(baseURL);
  const base = url.pathname.replace(/\/+$/, "");
  const { authorization, secrets } = credentialsOf(url);
  const pathOf = (requestUrl: string) => {
    const [path = "", query] = withoutVersion(requestUrl).split("?", 2);
    const search = [url.search.slice(1), query].filter(Boolean).join("&");
    return `${base}${path}${search && "?"}${search}`;
  };
  return {
    origin: url.origin,
    shown: `${url.origin}${base}`,
    authorization,
    secrets: [...secrets, ...secretsOfQuery(url.searchParams)],
    pathOf: remembering(pathOf),
  };
}

/** What of a request's `url` follows the version, which every `baseURL` has itself. */
export function withoutVersion(url: string): string {
  return url.replace(/^\/v1(?=\/)/, "");
}

/** The requests of a batch have one url. */
function remembering(pathOf: (url: string) => string): (url: string) => string {
  let lastUrl = "";
  let lastPath = "";
  return (url) => {
    if (url !== lastUrl) {
      lastPath = pathOf(url);
      lastUrl = url;
    }
    return lastPath;
  };
}

function noAddress(baseURL: unknown): LangBatchError {
  // What has credentials or a query is not shown, nor what may be a key that came to the wrong place.
  const isHarmless = typeof baseURL === "string" && /^([\w.-]+:\d+)?(\/[\w./-]*)?$/.test(baseURL);
  const shown = isHarmless ? ` ${JSON.stringify(baseURL.slice(0, 100))}, which is` : "";
  return new LangBatchError(
    "invalid_option",
    `\`baseURL\` is${shown} no address of HTTP. Write it out, as in http://127.0.0.1:11434/v1.`,
    { provider: "local" },
  );
}

function credentialsOf({
  username,
  password,
}: URL): Pick<EndpointAddress, "authorization" | "secrets"> {
  if (!username && !password) return { authorization: undefined, secrets: [] };
  const [name, word] = [decoded(username), decoded(password)];
  const basic = Buffer.from(`${name}:${word}`).toString("base64");
  // A name before a password is none; alone it may be a key.
  return { authorization: `Basic ${basic}`, secrets: [basic, word || name] };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Some services take their key there. A version is none. */
function secretsOfQuery(parameters: URLSearchParams): string[] {
  return [...parameters].filter(([name]) => !/version/i.test(name)).map(([, value]) => value);
}
