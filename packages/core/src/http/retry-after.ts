/** The longest that a timer waits (Node.js, `setTimeout`): who names more does not mean it. */
const longestWishMs = 2_147_483_647;

/**
 * How long a service asks to wait, in milliseconds, by the headers of its answer: `retry-after-ms`, or
 * `retry-after` in seconds or as a date (RFC 9110, 10.2.3; the first is OpenAI's, npm `openai` 7.57.0,
 * `client.js`). A date counts from the answer's own `date`, so that our clock may be wrong. What cannot
 * be read, is over, or is more than 24 days away is no wish.
 */
export function retryAfterMs(headers: Pick<Headers, "get"> | undefined): number | undefined {
  const value = headers?.get("retry-after");
  const wishes = [
    numberOf(headers?.get("retry-after-ms")),
    numberOf(value) * 1000,
    dateOf(value) - dateOf(headers?.get("date")),
  ];
  return wishes.find((wish) => wish >= 0 && wish <= longestWishMs);
}

function numberOf(text: string | null | undefined): number {
  return text && /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

/** Without GMT it would be read by the time zone of this machine, and any text with a year in it. */
function dateOf(text: string | null | undefined): number {
  return text && /^[A-Z][a-z]+, .+ GMT$/.test(text) ? Date.parse(text) : Number.NaN;
}
