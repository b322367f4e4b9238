import type { CallContext } from "@langbatch/core";
import { headersOf } from "@langbatch/core/http";
import { type Account, createAccount } from "./account.js";
import type { AskedService } from "./asked-service.js";
import { type Doing, toLangBatchError } from "./openai-error.js";
import { redirectError } from "./redirect-error.js";

/** Asks a service, notes whose jobs it shows, and says in our words what went wrong. */
export interface ServiceCaller {
  /** The service, connected to at the first call. */
  service(): AskedService;
  readonly account: Account;
  /** @throws a `LangBatchError`, or the signal's reason. */
  call<T>(
    doing: Doing,
    context: CallContext,
    work: (service: AskedService) => Promise<T>,
  ): Promise<T>;
}

/** A caller of the service that `connect` gives, which reads the environment and may throw. */
export function serviceCaller(connect: () => AskedService): ServiceCaller {
  const account = createAccount();
  let connected: AskedService | undefined;

  function service(): AskedService {
    connected ??= connect();
    return connected;
  }

  return {
    service,
    account,
    async call(doing, { signal }, work) {
      const asked = service();
      try {
        const answer = await work(asked);
        account.settle();
        return answer;
      } catch (error) {
        account.note(headersOf(error));
        if (signal?.aborted) throw signal.reason;
        // A create that was redirected may have been taken: only of an upload it is said to be refused.
        const redirected = doing === "upload" ? await redirectError(asked, error) : undefined;
        throw redirected ?? toLangBatchError(error, doing, asked);
      }
    },
  };
}
