import {
  type BatchProvider,
  type CallContext,
  type Job,
  LangBatchError,
  type ProviderTraits,
} from "@langbatch/core";
import OpenAI from "openai";
import { download } from "./download.js";
import type { OpenAIBatch } from "./openai-api.js";
import { tagKey, toJob } from "./openai-convert.js";
import { type Doing, statusOf, toLangBatchError } from "./openai-error.js";
import { readPage } from "./read-page.js";
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

/** OpenAI takes 16 pairs (npm `openai` 7.57.0, `resources/batches.d.ts`), and the tag is one. */
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
    const asked = client();
    const host = hostOf(asked);
    try {
      return await work(asked);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      // A create that was redirected may have been taken: only of an upload it is said to be refused.
      const redirected = doing === "upload" ? await redirectError(asked, error) : undefined;
      throw redirected ?? toLangBatchError(error, doing, host);
    }
  }

  /** The batch, and whose it is as the service names it; nothing of the key, which is changed. */
  function jobOf(batch: OpenAIBatch): Job {
    const asked = client();
    const owner = [hostOf(asked), asked.organization, asked.project];
    return toJob(batch, owner.filter(Boolean).join("/"));
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
        named(await client.files.create({ file, purpose: "batch" }, refusingRedirects(context))),
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
      const once = { ...refusingRedirects(context), maxRetries: 0 };
      const batch = await call("create", context, async (client) =>
        named(await client.batches.create(body, once)),
      );
      return jobOf(batch);
    },

    async *get(jobIds, context) {
      for (const id of jobIds) {
        const batch = await call("ask", context, (client) => retrieve(client, id, context));
        if (batch) yield jobOf(batch);
      }
    },

    async *list({ since }, context) {
      for (let after: string | undefined; ; ) {
        const page = await call("ask", context, (client) =>
          readPage(client, after, signalOf(context)),
        );
        const jobs = page.batches.map(jobOf);
        yield* jobs;
        // Newest first, so a page that is all too old is followed by none that is not.
        if (page.next === undefined || jobs.every((job) => isOlder(job, since))) return;
        after = page.next;
      }
    },

    async cancel(jobId, context) {
      await call("ask", context, async (client) => {
        try {
          await client.batches.cancel(jobId, signalOf(context));
        } catch (error) {
          const batch = await retrieve(client, jobId, context);
          // It had ended before it could be stopped.
          if (!batch || goingOn.has(jobOf(batch).status)) throw error;
        }
      });
    },

    async *results(job, context) {
      for (const fileId of [job.detail?.outputFileId, job.detail?.errorFileId]) {
        if (typeof fileId !== "string") continue;
        const asked = client();
        yield* download(asked, fileId, context.signal, (error) =>
          toLangBatchError(error, "ask", hostOf(asked)),
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

const goingOn: ReadonlySet<Job["status"]> = new Set(["validating", "in_progress", "finalizing"]);

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

function hostOf({ baseURL }: OpenAI): string {
  if (URL.canParse(baseURL)) return new URL(baseURL).host;
  throw new LangBatchError(
    "invalid_option",
    `\`baseURL\` (or OPENAI_BASE_URL) is ${JSON.stringify(baseURL)}, which is no address. Write it out, as in https://api.openai.com/v1.`,
    { provider: "openai" },
  );
}

/** To follow a redirect, `fetch` would keep a copy of the whole body in memory. */
function refusingRedirects(context: CallContext): {
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
