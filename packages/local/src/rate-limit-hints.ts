/** What an answer's headers say of the limits of who answers; what they do not say is absent. */
export interface RateLimitHints {
  /** Requests that may still be sent before the limit is reset, and in how many milliseconds that is. */
  readonly requests?: RateLimitHint;
  /** As `requests`, of tokens. */
  readonly tokens?: RateLimitHint;
}

/** What is left of one limit. */
interface RateLimitHint {
  readonly remaining: number;
  readonly resetMs: number;
}

type Dialect = readonly [remaining: string, reset: string];

/**
 * The most telling first: OpenAI's (OpenAI docs, "Rate limits"), Anthropic's (Claude docs, "Rate
 * limits"), the IETF's draft (draft-ietf-httpapi-ratelimit-headers-06), and what it was made of.
 */
const requestDialects: readonly Dialect[] = [
  ["x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"],
  ["anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"],
  ["ratelimit-remaining", "ratelimit-reset"],
  ["x-ratelimit-remaining", "x-ratelimit-reset"],
];

const tokenDialects: readonly Dialect[] = [
  ["x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"],
  ["anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"],
];

/**
 * What the headers of an answer say of limits; `undefined` where they say nothing that can be read. A
 * reset may be a duration (`6m0s`, `20ms`), a number of seconds, or a moment (RFC 3339, or since 1970 in
 * seconds or milliseconds), which counts from the answer's own `date`, so that our clock may be wrong.
 */
export function rateLimitHints(headers: Pick<Headers, "get">): RateLimitHints | undefined {
  const requests = readHint(headers, requestDialects);
  const tokens = readHint(headers, tokenDialects);
  if (!requests && !tokens) return undefined;
  return { ...(requests && { requests }), ...(tokens && { tokens }) };
}

function readHint(
  headers: Pick<Headers, "get">,
  dialects: readonly Dialect[],
): RateLimitHint | undefined {
  for (const [remainingName, resetName] of dialects) {
    const remaining = headers.get(remainingName);
    // Azure says -1 where it does not know.
    if (remaining === null || !/^\d+$/.test(remaining)) continue;
    const resetMs = readReset(headers.get(resetName) ?? "", headers);
    if (resetMs >= 0) return { remaining: Number(remaining), resetMs };
  }
  return undefined;
}

/** From here on, a number of seconds is a moment, as no limit is reset in eleven days. */
const leastEpochSeconds = 1e6;
/** From here on, it is one in milliseconds, as OpenRouter writes it. */
const leastEpochMs = 1e11;

/** `NaN` where it cannot be read. */
function readReset(text: string, headers: Pick<Headers, "get">): number {
  if (/^\d+(\.\d+)?$/.test(text)) {
    const count = Number(text);
    if (count < leastEpochSeconds) return count * 1000;
    return untilMoment(count < leastEpochMs ? count * 1000 : count, headers);
  }
  if (/^\d{4}-\d\d-\d\d[Tt][\d:.]+([Zz]|[+-]\d\d:\d\d)$/.test(text)) {
    return untilMoment(Date.parse(text), headers);
  }
  return readDuration(text);
}

/** A moment that is just over, by dates that know no parts of a second, is now. */
function untilMoment(epochMs: number, headers: Pick<Headers, "get">): number {
  const date = headers.get("date");
  return date?.endsWith(" GMT") ? Math.max(0, epochMs - Date.parse(date)) : Number.NaN;
}

const unitMs: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
};

/** As Go writes one: `1h2m3.5s`. */
function readDuration(text: string): number {
  if (!/^(\d+(\.\d+)?(d|h|ms|m|s))+$/.test(text)) return Number.NaN;
  let totalMs = 0;
  for (const [, count, unit] of text.matchAll(/([\d.]+)([a-z]+)/g)) {
    totalMs += Number(count) * (unitMs[unit ?? ""] ?? Number.NaN);
  }
  return totalMs;
}
