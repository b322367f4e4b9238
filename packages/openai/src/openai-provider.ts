import {
  type BatchProvider,
  type CallContext,
  type Job,
  LangBatchError,
  type ProviderTraits,
} from "@langbatch/core";
import OpenAI from "openai";
import { download } from "./download.js";
import type { OpenAIBatch, OpenAIBatchPage } from "./openai-api.js";
import { tagKey, toJob } from "./openai-convert.js";
import { type Doing, statusOf, toLangBatchError } from "./openai-error.js";
import { redirectError } from "./redirect-error.js";

/** The arguments of {@link openai}, and so the `batchKwargs` of its classes. */
export interface OpenAIOptions {
  /** A ready client, of OpenAI or any service that speaks its batch API. Never stored. */
  readonly client?: OpenAI;
  /** Default: `OPENAI_API_KEY`, read at the first call. Never stored. */
  readonly apiKey?: string;
  /** Default: `OPENAI_BASE_URL`, else `https://api.openai.com/v1`. */
  readonly baseURL?: string;
  /** How long the service may take. Stored with the batch. Default: `24h`, all that OpenAI takes. */
  readonly completionWindow?: string;
  /**
   * Shown with the job at the service; stored with the batch, so no secrets. At most 15 pairs, since
   * one more says whose job it is. Default: none.
   */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * OpenAI's limits (npm `openai` 7.57.0, `resources/batches.d.ts`): 50,000 requests and 200 MB in one
 * file, which is read as decimal megabytes, the smaller. One model in a file, as every compatible
 * service documents it.
 */
const traits: ProviderTraits = {
  maxRequests: 50_000,
  maxBytes: 200_000_000,
  oneModel: true,
  recovery: "search",
};

/** A list page of the most that OpenAI gives (OpenAI API reference, list batches, `limit`). */
const pageSize = 100;
const mostMetadata = 15;

/** Runs jobs at OpenAI's Batch API, or any service that speaks it. Reads and sends nothing yet. */
export function openai(options: OpenAIOptions = {}): BatchProvider {
  const { completionWindow = "24h", metadata } = options;
  let made: OpenAI | undefined;

  function client(): OpenAI {
    made ??= options.client ?? new OpenAI({ apiKey: apiKey(options), baseURL: options.baseURL });
    return made;
  }

  async function call<T>(
    doing: Doing,
    { signal }: CallContext,
    work: (client: OpenAI) => Promise<T>,
  ): Promise<T> {
    const { baseURL } = client();
    try {
      return await work(client());
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      // A create that was redirected may have been taken: only of an upload it is said to be refused.
      const redirected = doing === "upload" ? await redirectError(client(), error) : undefined;
      throw redirected ?? toLangBatchError(error, doing, new URL(baseURL).host);
    }
  }

  /** Whose jobs these are, as the service names it; nothing of the key, which is changed. */
  function account(): string {
    const { baseURL, organization, project } = client();
    return [new URL(baseURL).host, organization, project].filter(Boolean).join("/");
  }

  return {
    specVersion: 1,
    id: "openai",
    settings: { completionWindow, ...(metadata && { metadata }) },

    async traits() {
      return traits;
    },

    async upload(input, context) {
      const file = new File([input.data], input.name, { type: "application/jsonl" });
      const { id } = await call("upload", context, async (client) =>
        named(await client.files.create({ file, purpose: "batch" }, requestOptions(context))),
      );
      return { id };
    },

    async create(input, uploaded, context) {
      const pairs = Object.keys(metadata ?? {}).length;
      if (pairs > mostMetadata) {
        throw new LangBatchError(
          "rejected",
          `\`metadata\` has ${pairs} pairs; use at most ${mostMetadata}.`,
          { provider: "openai" },
        );
      }
      const body = {
        input_file_id: uploaded?.id ?? "",
        endpoint: context.endpoint as OpenAI.BatchCreateParams["endpoint"],
        completion_window: completionWindow as "24h",
        metadata: { ...metadata, [tagKey]: input.tag },
      };
      // The SDK would send it three times (npm `openai` 7.57.0, `client.js`, `maxRetries`).
      const once = { ...requestOptions(context), maxRetries: 0 };
      const batch = await call("create", context, async (client) =>
        named(await client.batches.create(body, once)),
      );
      return toJob(batch, account());
    },

    async *get(jobIds, context) {
      for (const id of jobIds) {
        const job = await call("ask", context, (client) => retrieve(client, id, context));
        if (job) yield toJob(job, account());
      }
    },

    async *list({ since }, context) {
      for (let after: string | undefined; ; ) {
        const page = await call("ask", context, (client) => listPage(client, after, context));
        const jobs = page.data.map((batch) => toJob(batch, account()));
        yield* jobs;
        const last = jobs.at(-1);
        const hasMore = page.has_more ?? jobs.length >= pageSize;
        // Newest first, so a page that is all too old is followed by none that is not.
        if (!hasMore || !last || jobs.every((job) => isOlder(job, since))) return;
        after = last.id;
      }
    },

    async cancel(jobId, context) {
      await call("ask", context, async (client) => {
        try {
          await client.batches.cancel(jobId, signalOf(context));
        } catch (error) {
          const batch = await retrieve(client, jobId, context);
          // It had ended before it could be stopped.
          if (!batch || !isOver(toJob(batch, account()))) throw error;
        }
      });
    },

    async *results(job, context) {
      for (const fileId of [job.detail?.outputFileId, job.detail?.errorFileId]) {
        if (typeof fileId !== "string") continue;
        const { signal } = context;
        yield* download(client(), fileId, signal, (error) =>
          toLangBatchError(error, "ask", new URL(client().baseURL).host),
        );
        yield lineEnd;
      }
    },

    async discard({ id }, context) {
      await call("ask", context, async (client) => {
        try {
          await client.files.delete(id, signalOf(context));
        } catch (error) {
          if (statusOf(error) !== 404) throw error;
        }
      });
    },
  };
}

/** The last line of a file may lack its end, and the next file's first must not become part of it. */
const lineEnd: Uint8Array = new Uint8Array([0x0a]);

const ends: ReadonlySet<Job["status"]> = new Set(["completed", "failed", "expired", "cancelled"]);

function isOver(job: Job): boolean {
  return ends.has(job.status) || job.status === "cancelling";
}

/** A service that leaves out when a job was made says nothing about its age. */
function isOlder({ createdAt }: Job, since: number): boolean {
  return createdAt !== 0 && createdAt < since;
}

/** The answer, if it is one: what stands between may answer with a page of its own and status 200. */
function named<Answer extends { readonly id: string }>(answer: Answer | undefined): Answer {
  if (answer?.id) return answer;
  throw new LangBatchError("provider_failed", "The answer has no id: it is not from this API.", {
    provider: "openai",
    retryable: true,
  });
}

/** Read without the SDK, to which any answer is a page, and one that is none the last and empty. */
async function listPage(
  client: OpenAI,
  after: string | undefined,
  context: CallContext,
): Promise<OpenAIBatchPage> {
  const query = { limit: pageSize, ...(after !== undefined && { after }) };
  const response = await client.batches.list(query, signalOf(context)).asResponse();
  const page = (await response.json()) as Partial<OpenAIBatchPage> | null;
  // The same page again: a service that does not know `after` would never come to an end.
  const isStuck = after !== undefined && page?.data?.at(-1)?.id === after;
  if (Array.isArray(page?.data) && !isStuck) return { ...page, data: page.data };
  throw new LangBatchError(
    "incomplete_listing",
    "The answer to the list of batches is not a page of it, so what it leaves out is not known.",
    { provider: "openai", retryable: true },
  );
}

async function retrieve(
  client: OpenAI,
  id: string,
  context: CallContext,
): Promise<OpenAIBatch | undefined> {
  try {
    return named(await client.batches.retrieve(id, signalOf(context)));
  } catch (error) {
    // It may pass: a job just made can be invisible for a while.
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** With redirects refused: to follow one, `fetch` would keep a copy of the whole body in memory. */
function requestOptions(context: CallContext): {
  readonly fetchOptions: { readonly redirect: "error" };
  readonly signal?: AbortSignal;
} {
  return { ...signalOf(context), fetchOptions: { redirect: "error" } };
}

function signalOf({ signal }: CallContext): { readonly signal?: AbortSignal } {
  return signal ? { signal } : {};
}

function apiKey({ apiKey }: OpenAIOptions): string {
  const key = apiKey ?? process.env.OPENAI_API_KEY;
  if (key) return key;
  throw new LangBatchError(
    "missing_setting",
    "The OpenAI API key is missing. Pass `batchKwargs: { apiKey }`, or set OPENAI_API_KEY.",
    { provider: "openai" },
  );
}
