import type Anthropic from "@anthropic-ai/sdk";
import type { CallContext } from "@langbatch/core";
import { headersOf } from "@langbatch/core/http";
import { type Account, createAccount } from "./account.js";
import { type Doing, hostOf, toLangBatchError } from "./anthropic-error.js";

/** Asks the service, notes whose jobs it shows, and says in our words what went wrong. */
export interface ServiceCaller {
  /** The client, made at the first call. */
  client(): Anthropic;
  /** Whose jobs are shown, as far as the service has said it. */
  accountName(): string;
  readonly account: Account;
  /**
   * The answer to a request, whose body nobody has read yet.
   *
   * @throws a `LangBatchError`, or the signal's reason.
   */
  ask(
    doing: Doing,
    context: CallContext,
    work: (client: Anthropic) => { asResponse(): Promise<Response> },
  ): Promise<Response>;
}

/** A caller over the client that `connect` gives, which reads the environment and may throw. */
export function serviceCaller(connect: () => Anthropic): ServiceCaller {
  const account = createAccount();
  let connected: Anthropic | undefined;

  function client(): Anthropic {
    connected ??= connect();
    return connected;
  }

  return {
    client,
    account,
    accountName: () => account.nameAt(hostOf(client())),
    async ask(doing, { signal }, work) {
      const asked = client();
      signal?.throwIfAborted();
      try {
        const response = await work(asked).asResponse();
        account.note(response.headers);
        return response;
      } catch (error) {
        account.note(headersOf(error));
        if (signal?.aborted) throw signal.reason;
        throw toLangBatchError(error, doing, asked);
      }
    },
  };
}
