import { LangBatchError } from "../../src/index.js";
import type { Random } from "./random.js";
import { secret } from "./world.js";

/** What an HTTP client keeps in its errors: the request's headers, the key among them. */
function httpError(name: string, message: string): Error {
  const headers = { authorization: `Bearer ${secret}` };
  return Object.assign(new Error(message), { name, headers, config: { headers } });
}

/** An error of the connection: usually translated by the provider's package, sometimes not. */
export function connectionLost(random: Random): Error {
  const cause = httpError("ConnectionError", "read ECONNRESET");
  return random.chance(0.2) ? cause : failed("The connection was lost.", cause);
}

/** The service answered, but with a failure of its own. */
export function serverError(): LangBatchError {
  const cause = httpError("InternalServerError", "502 <html>Bad gateway</html>");
  return failed("The service answered with 502.", cause, 502);
}

/** The service did not answer in time. */
export function timedOut(): LangBatchError {
  return failed("The service did not answer.", httpError("TimeoutError", "The time is up."));
}

/** Half of an answer. */
export function alienAnswer(): Error {
  return Object.assign(new SyntaxError("Unexpected end of JSON input"), {
    headers: { authorization: `Bearer ${secret}` },
  });
}

/** The provider has no room. */
export function noRoom(): LangBatchError {
  const message = "The provider's queue is full.";
  return new LangBatchError("quota", message, { retryable: true, status: 429 });
}

/** The provider certainly did not create it, and may a moment later. */
export function tooBusy(): LangBatchError {
  const message = "The provider asks to come again later.";
  return new LangBatchError("rejected", message, { retryable: true, status: 429 });
}

/** There is no such input, any more or ever. */
export function inputGone(id: string | undefined): LangBatchError {
  return new LangBatchError("rejected", `${noSuchInput} ${id}.`, { status: 400 });
}

/** Whether the provider refused a create for want of its input, however often that was stored since. */
export function isInputGone({ message }: LangBatchError): boolean {
  return message.includes(noSuchInput);
}

const noSuchInput = "There is no input";

/** The list may lack something. */
export function incompleteListing(): LangBatchError {
  return new LangBatchError("incomplete_listing", "The list may lack a page.", { retryable: true });
}

function failed(message: string, cause: Error, status?: number): LangBatchError {
  return new LangBatchError("provider_failed", message, {
    cause,
    retryable: true,
    provider: "simulated",
    ...(status !== undefined && { status }),
  });
}
