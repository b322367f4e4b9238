import type { Secrets } from "@langbatch/core/http";

/** What the headers of every request are made of. */
interface HeaderSources {
  readonly apiKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Of the address; used where nothing else says who asks. */
  readonly authorization?: string | undefined;
}

/** The headers of every request, by their names in lower case. */
type RequestHeaders = Readonly<Record<string, string>>;

/**
 * The headers of every request. The user's come before ours, and `apiKey` before the credentials of an
 * address.
 *
 * @returns why no request can be sent with them, in a sentence without their values, where none can.
 */
export function requestHeaders({
  apiKey,
  headers = {},
  authorization,
}: HeaderSources): RequestHeaders | { readonly problem: string } {
  const all: Record<string, string> = {
    accept: "application/json",
    // Nothing here unpacks an answer.
    "accept-encoding": "identity",
    "content-type": "application/json",
    "user-agent": "langbatch",
    ...(authorization && { authorization }),
    ...(apiKey && { authorization: `Bearer ${apiKey}` }),
  };
  if (apiKey && !isValue(apiKey)) return { problem: unwritable("`apiKey`") };
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase();
    if (!tokenPattern.test(name)) {
      return { problem: "`headers` has a name that no header can have. Correct it." };
    }
    if (framingHeaders.has(key)) {
      return { problem: `\`headers\` has ${key}, which is made for each request. Leave it out.` };
    }
    if (!isValue(value)) return { problem: unwritable(`The value of ${key} in \`headers\``) };
    all[key] = value;
  }
  return all;
}

/** The values that nothing may show; the shortest are words, and no keys. */
export function secretsOfHeaders(headers: Readonly<Record<string, string>> = {}): Secrets {
  const values = Object.values(headers).map(String);
  // After the scheme of an authorization.
  const words = values.map((value) => value.slice(value.lastIndexOf(" ") + 1));
  return [...values, ...words].filter(({ length }) => length >= fewestCharacters);
}

const fewestCharacters = 8;

function unwritable(what: string): string {
  return `${what} holds a character that cannot be sent. Check it for line breaks and quotes.`;
}

/** RFC 9110, 5.6.2. */
const tokenPattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** RFC 9110, 5.5. */
function isValue(value: unknown): value is string {
  return typeof value === "string" && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

/** They say where a request ends, and how the connection goes on (RFC 9112). */
const framingHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
]);
