import { excerpt } from "./excerpt.js";
import { parseJson } from "./parse-json.js";
import { serviceWords } from "./service-words.js";
import type { Result } from "./verdict.js";

/** What a result says about why it is no success, in one short line; `undefined` where it says nothing. */
export function statedReason({ response, error }: Result): string | undefined {
  const reason = error?.message ?? serviceWords(parseJson(response?.body ?? "")).message;
  return reason === undefined ? undefined : excerpt(reason, mostCharacters);
}

const mostCharacters = 300;
