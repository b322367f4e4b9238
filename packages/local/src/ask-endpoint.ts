import type { Secrets } from "@langbatch/core/http";
import { type Dispatcher, Pool } from "undici";
import { endpointAddress, withoutVersion } from "./endpoint-address.js";
import { requestHeaders, secretsOfHeaders } from "./endpoint-headers.js";
import { Exchange, mostAnswerBytes } from "./exchange.js";
import type { LocalOptions } from "./local-options.js";
import { noAnswer } from "./no-answer.js";
import type { Answer, Ask } from "./question.js";
import { isRedirect, refusedRedirect } from "./refused-redirect.js";

/** An endpoint that can be asked. */
export interface AskedEndpoint {
  readonly ask: Ask;
  /** Its address, without credentials and query. */
  readonly address: string;
  /** What nothing may show. */
  readonly secrets: Secrets;
  /** Ends its connections, and with them what is still asked. */
  close(): Promise<void>;
}

/** What says which endpoint is asked, and as whom. */
type EndpointOptions = Pick<LocalOptions, "apiKey" | "headers"> & { readonly baseURL: string };

/** How long a connection may take, in milliseconds: a busy host takes it late. */
const connectTimeoutMs = 60_000;

/**
 * Asks an OpenAI-compatible endpoint over HTTP/1.1, on as many connections as requests are on their way.
 * The connections stay open between requests. Nothing but the signal ends one that is being answered: a
 * model may think for an hour.
 *
 * @throws `invalid_option` where `baseURL` is no address.
 */
export function askEndpoint({ baseURL, apiKey, headers }: EndpointOptions): AskedEndpoint {
  const { origin, shown, authorization, secrets: own, pathOf } = endpointAddress(baseURL);
  const address = shown;
  const secrets = [apiKey, ...own, ...secretsOfHeaders(headers)];
  const sent = requestHeaders({ apiKey, headers, authorization });
  const pool = new Pool(origin, {
    connect: { timeout: connectTimeoutMs },
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: mostAnswerBytes,
  });
  const close = () => pool.destroy();
  if ("problem" in sent) {
    const refusal: Answer = { came: "refused-here", message: sent.problem };
    return { ask: async () => refusal, address, secrets, close };
  }

  const toAnswer = (error: Error) => noAnswer(error, { address, secrets });
  const ask: Ask = async ({ url, body }, signal) => {
    const path = pathOf(url);
    const request: Dispatcher.DispatchOptions = { path, method: "POST", headers: sent, body };
    const answer = await new Promise<Answer>((resolve, reject) => {
      const exchange = new Exchange({ signal, resolve, reject, toAnswer });
      if (!signal.aborted) pool.dispatch(request, exchange);
    });
    if (answer.came !== "response" || !isRedirect(answer.status)) return answer;
    const location = answer.headers?.get("location");
    return refusedRedirect({ address, path: withoutVersion(url), location, secrets });
  };
  return { ask, address, secrets, close };
}
