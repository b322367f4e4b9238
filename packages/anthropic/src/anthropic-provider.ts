import {
  type BatchProvider,
  type CallContext,
  type Job,
  LangBatchError,
  type ProviderTraits,
  type WireFormat,
} from "@langbatch/core";
import {
  answerExcerpt,
  download,
  downloadHeaders,
  getJobs,
  isWithoutList,
  readAnswer,
  statusOf,
} from "@langbatch/core/http";
import { isMessageBatch } from "./anthropic-api.js";
import { hostOf, secretsOf, toLangBatchError } from "./anthropic-error.js";
import { type AnthropicOptions, clientOf } from "./anthropic-options.js";
import { chatWire, messagesWire } from "./anthropic-wire.js";
import { keptMs, toJob } from "./batch-convert.js";
import { claudeChatCompletions } from "./claude-chat-completions.js";
import { claudeMessages } from "./claude-messages.js";
import { greet } from "./greet.js";
import { pageSize, toPage } from "./read-page.js";
import { serviceCaller } from "./service-caller.js";

const provider = "anthropic";
const path = "/v1/messages/batches";

/** Longer than any body takes: the engine says when a create must be over. */
const createMs = 86_400_000;

/** Claude documentation, batch processing, "Batch limitations". The ids: anthropic-sdk-python#984. */
const limits: Omit<ProviderTraits, "wire"> = {
  maxRequests: 100_000,
  maxBytes: 256_000_000,
  recovery: "content",
  oneModel: false,
  wireId: /^[a-zA-Z0-9_-]{1,64}$/,
  collectWithinMs: keptMs,
};

/** How each endpoint is written and read. */
const wires: ReadonlyMap<string, WireFormat> = new Map([
  [claudeChatCompletions.url, chatWire],
  [claudeMessages.url, messagesWire],
]);

/** Runs jobs as Claude's Message Batches. Reads and sends nothing yet. */
export function anthropic(options: AnthropicOptions = {}): BatchProvider {
  const caller = serviceCaller(() => clientOf(options));
  const { account, accountName, ask, client } = caller;
  let isGreeted = false;

  /** @throws `provider_failed` where the answer is no batch. */
  async function jobOf(response: Response): Promise<Job> {
    const { text, json, cause } = await readAnswer(response);
    if (isMessageBatch(json)) return toJob(json, accountName());
    throw new LangBatchError(
      "provider_failed",
      `${hostOf(client())} answered with ${response.status} and nothing that can be understood.`,
      {
        ...{ provider, retryable: true, status: response.status },
        answer: answerExcerpt(text, secretsOf(client())),
        ...(cause !== undefined && { cause }),
      },
    );
  }

  /** Nothing where the service says 404, which it has said of batches that run. */
  async function retrieve(id: string, context: CallContext): Promise<Job | undefined> {
    try {
      return await jobOf(
        await ask("ask", context, (asked) => asked.get(pathOf(id), signalOf(context))),
      );
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  async function readPage(after: string | undefined, context: CallContext) {
    const query = { limit: pageSize, ...(after !== undefined && { after_id: after }) };
    const response = await ask("ask", context, (asked) =>
      asked.get(path, { query, ...signalOf(context) }),
    );
    const { batches, next } = toPage((await readAnswer(response)).json, after);
    return { jobs: batches.map((batch) => toJob(batch, accountName())), next };
  }

  return {
    specVersion: 1,
    id: provider,
    settings: {},

    async traits({ endpoint }) {
      const wire = wires.get(endpoint);
      if (wire) return { ...limits, wire };
      throw new LangBatchError(
        "invalid_option",
        `Claude has no batches for ${endpoint}, only for ${[...wires.keys()].join(" and ")}.`,
        { provider },
      );
    },

    async create({ data }, _uploaded, context) {
      // The SDK would send it three times (npm `@anthropic-ai/sdk` 1.12.0, `client.js`, `maxRetries`),
      // and `fetch` would keep a copy of the whole body to follow a redirect.
      const once = {
        maxRetries: 0,
        timeout: createMs,
        fetchOptions: { redirect: "error" },
      } as const;
      const headers = { "content-type": "application/json" };
      const response = await ask("create", context, (asked) =>
        asked.post(path, { body: data, headers, ...once, ...signalOf(context) }),
      );
      return jobOf(response);
    },

    async *get(jobIds, context) {
      yield* getJobs<string>(jobIds, {
        retrieve: (id) => retrieve(id, context),
        readPage: (after) => readPage(after, context),
      });
    },

    async *list({ since }, context) {
      for (let after: string | undefined; ; ) {
        const { jobs, next } = await readPage(after, context).catch((error: unknown) => {
          throw isWithoutList(error) ? noList(hostOf(client()), error) : error;
        });
        yield* jobs;
        // Newest first, so a page that is all too old is followed by none that is not.
        if (next === undefined || jobs.every(({ createdAt }) => isOlder(createdAt, since))) return;
        after = next;
      }
    },

    async cancel(jobId, context) {
      try {
        const once = { body: {}, ...signalOf(context) };
        await ask("ask", context, (asked) => asked.post(`${pathOf(jobId)}/cancel`, once));
      } catch (error) {
        const job = await retrieve(jobId, context);
        // It had ended before it could be stopped.
        if (job?.rawStatus !== "ended") throw error;
      }
    },

    async *results({ id, detail }, context) {
      // By its id, and not by the address that the service names: a key goes to no other host.
      const open = (signal: AbortSignal) =>
        ask("ask", { ...context, signal }, (asked) =>
          asked.get(`${pathOf(id)}/results`, { headers: downloadHeaders, signal }),
        );
      try {
        yield* download(open, context.signal, (error) => toLangBatchError(error, "ask", client()));
      } catch (error) {
        if (statusOf(error) !== 404) throw error;
        // Gone for good, or not there yet: it has said 404 of results that came a moment later.
        if (detail?.archived || (await retrieve(id, context))?.detail?.archived) return;
        throw error;
      }
    },

    async account(context) {
      // Only an answer names it; and whoever has a wrong key shall know before all requests are sent.
      if (!account.isKnown && !isGreeted) isGreeted = await greet(caller, path, context);
      return accountName();
    },

    async clean({ id }, context) {
      try {
        await ask("ask", context, (asked) => asked.delete(pathOf(id), signalOf(context)));
      } catch (error) {
        if (statusOf(error) !== 404) throw error;
      }
    },
  };
}

function pathOf(id: string): string {
  return `${path}/${encodeURIComponent(id)}`;
}

/** What a gateway says that passes creates on, and knows no list. */
function noList(host: string, cause: unknown): LangBatchError {
  return new LangBatchError(
    "incomplete_listing",
    `${host} does not show its list of batches, so that a job of which no answer came cannot be looked for`,
    { provider, retryable: true, cause },
  );
}

function signalOf({ signal }: CallContext): { readonly signal?: AbortSignal } {
  return signal ? { signal } : {};
}

/** A batch without a time may be any. */
function isOlder(createdAt: number, since: number): boolean {
  return createdAt > 0 && createdAt < since;
}
