import { answerExcerpt, type Secrets, withoutSecrets } from "@langbatch/core/http";
import { isRecord } from "./is-record.js";
import { oneLine } from "./one-line.js";

/** The body of an answer that is no success, as it may be kept. */
export interface FailedBody {
  /** JSON on one line, without secrets: a JSON text where the service wrote none. */
  readonly json: string;
  /** What it says, parsed and without secrets. */
  readonly parsed: unknown;
  /** Whether the service wrote JSON. */
  readonly isJson: boolean;
}

/** The longest body that is kept as JSON, in characters: an error has some hundreds. */
const mostCharacters = 1_000_000;

/** Reads the body of an answer that is no success. */
export function failedBody(text: string, secrets: Secrets): FailedBody {
  const json = text.length <= mostCharacters ? withoutSecretsInJson(text, secrets) : undefined;
  if (json) return json;
  const excerpt = answerExcerpt(text.slice(0, mostCharacters), secrets).trim();
  return { json: JSON.stringify(excerpt), parsed: excerpt, isJson: false };
}

/** `undefined` where it is no JSON. */
function withoutSecretsInJson(text: string, secrets: Secrets): FailedBody | undefined {
  let isChanged = withoutSecrets(text, secrets) !== text;
  const hide = (shown: string) => {
    const hidden = withoutSecrets(shown, secrets);
    isChanged ||= hidden !== shown;
    return hidden;
  };
  const hideWithin = (_name: string, value: unknown) => {
    if (typeof value === "string") return hide(value);
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [hide(name), inner]));
  };
  try {
    // Value by value: hidden in the text, the end of a text could be taken for a part of the key.
    const parsed: unknown = JSON.parse(text.trim(), hideWithin);
    return { json: isChanged ? JSON.stringify(parsed) : oneLine(text), parsed, isJson: true };
  } catch {
    return undefined;
  }
}
