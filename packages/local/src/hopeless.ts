import { LangBatchError } from "@langbatch/core";
import { retryAfterMs, type Secrets } from "@langbatch/core/http";
import { excerpt } from "./excerpt.js";
import type { EndpointAnswer } from "./question.js";
import type { ServiceWords } from "./service-words.js";

/** Who is asked, as messages need it. */
export interface Asked {
  /** Without credentials. Absent where a function answers. */
  readonly address?: string | undefined;
  /** What nothing may show. */
  readonly secrets: Secrets;
}

/** OpenAI's codes of an account without money (OpenAI's guide to error codes). */
const codesOfMoney: ReadonlySet<unknown> = new Set([
  "billing_hard_limit_reached",
  "billing_not_active",
  "insufficient_quota",
]);

/**
 * Why an answer stands for every other request too, as far as it does: a key that is refused, money that
 * is spent, an address that is wrong. `undefined` where it is about its request.
 */
export function hopelessness(
  answer: EndpointAnswer,
  words: ServiceWords,
  { address }: Asked,
): LangBatchError | undefined {
  const { status, headers } = answer;
  const said = words.message ? `: ${excerpt(words.message, mostCharacters)}` : "";
  const answered = `${address ?? "The service behind `handler`"} answered with ${status}${said}`;
  const sentence = /[.!?…]$/.test(answered) ? answered : `${answered}.`;
  const options = { provider: "local", status };

  if (status === 402 || codesOfMoney.has(words.code) || codesOfMoney.has(words.type)) {
    const wishMs = retryAfterMs(headers);
    return new LangBatchError(
      "quota",
      `${sentence} Add credit to the account, or use the key of another one.`,
      { ...options, retryable: true, ...(wishMs !== undefined && { retryAfterMs: wishMs }) },
    );
  }
  const remedy = remedyOf(status, words);
  return remedy === undefined
    ? undefined
    : new LangBatchError("rejected", `${sentence} ${remedy}`, options);
}

const mostCharacters = 300;

/** What to do about a status that no other request can change. */
function remedyOf(status: number, words: ServiceWords): string | undefined {
  switch (status) {
    case 401:
      return "Check the API key.";
    case 403:
      return isAbout(contentPattern, words)
        ? undefined
        : "Check the API key, and what it may be used for.";
    case 407:
      return "Check what the proxy in between asks for.";
    case 404:
    case 405:
      return isAbout(modelPattern, words)
        ? undefined
        : "Check that `baseURL` is whole: most end in /v1.";
    default:
      return undefined;
  }
}

/** What a service does not want to answer, as OpenRouter and others say with 403. */
const contentPattern =
  /\bcontent\b|content_|moderat|flagged|\bsafety\b|usage.polic|polic(y|ies).{0,20}violat|violat.{0,40}polic/i;

/** A model that is not there is one request's, or all of them, but no wrong address. */
const modelPattern = /\bmodel\b|model_|_model\b/i;

function isAbout(pattern: RegExp, { code, type, message }: ServiceWords): boolean {
  return [code, type, message].some((word) => word !== undefined && pattern.test(word));
}
