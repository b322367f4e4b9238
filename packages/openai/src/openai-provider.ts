import {
  type BatchProvider,
  type CallContext,
  type Job,
  LangBatchError,
  type ProviderTraits,
} from "@langbatch/core";
import type OpenAI from "openai";
import { createAccount } from "./account.js";
import { download } from "./download.js";
import type { OpenAIBatch } from "./openai-api.js";
import { tagKey, toJob } from "./openai-convert.js";
import { type Doing, headersOf, statusOf, toLangBatchError } from "./openai-error.js";
import { clientOf, type OpenAIOptions } from "./openai-options.js";
import { readBatch } from "./read-batch.js";
import { readPage } from "./read-page.js";
import { redirectError } from "./redirect-error.js";
import { refusingRedirects, signalOf } from "./request-options.js";
import { uploadBody } from "./upload-body.js";

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
  const account = createAccount();
  let made: OpenAI | undefined;

  function client(): OpenAI {
    made ??= clientOf(options);
    return made;
  }

  async function call<T>(
    doing: Doing,
    { signal }: CallContext,
    work: (client: OpenAI) => Promise<T>,
  ): Promise<T> {
    const asked = client();
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
  }

  function jobOf(batch: OpenAIBatch): Job {
    return toJob(batch, account.nameFor(client()));
  }

  /** Nothing where the service says 404. It may pass: a job just made can be invisible for a while. */
  async function retrieve(id: string, context: CallContext): Promise<Job | undefined> {
    try {
      const batch = await call("ask", context, async (client) => {
        const asked = client.batches.retrieve(id, signalOf(context)).withResponse();
        const { data, response } = await asked;
        account.note(response.headers);
        return named(data);
      });
      return jobOf(batch);
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  async function deleteFile(id: string, context: CallContext): Promise<void> {
    try {
      await call("ask", context, (client) => client.files.delete(id, signalOf(context)));
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
  }

  return {
    specVersion: 1,
    id: "openai",
    settings: { completionWindow, ...(metadata && { metadata }) },

    async traits() {
      return traits;
    },

    async upload(input, context) {
      const { body, headers } = uploadBody(input.data, input.name);
      return call("upload", context, async (client) => {
        const request = { ...refusingRedirects(context), body, headers };
        const asked = client.post<OpenAI.FileObject>("/files", request).withResponse();
        const { data, response } = await asked;
        account.note(response.headers);
        return { id: named(data).id };
      });
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
      const batch = await call("create", context, async (client) => {
        const response = await client.batches.create(body, once).asResponse();
        account.note(response.headers);
        return readBatch(response, client);
      });
      return jobOf(batch);
    },

    async *get(jobIds, context) {
      for (const id of jobIds) {
        const job = await retrieve(id, context);
        if (job) yield job;
      }
    },

    async *list({ since }, context) {
      for (let after: string | undefined; ; ) {
        const page = await call("ask", context, (client) =>
          readPage(client, after, signalOf(context)),
        );
        account.note(page.headers);
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
          const job = await retrieve(jobId, context);
          // It had ended before it could be stopped.
          if (!job || goingOn.has(job.status)) throw error;
        }
      });
    },

    async *results(job, context) {
      for (const fileId of resultFilesOf(job)) {
        const asked = client();
        yield* download(asked, fileId, context.signal, (error) =>
          toLangBatchError(error, "ask", asked),
        );
        yield lineEnd;
      }
    },

    async discard({ id }, context) {
      await deleteFile(id, context);
    },

    async account() {
      return account.nameFor(client());
    },

    async *input({ id, inputId }, context) {
      context.signal?.throwIfAborted();
      if (inputId === undefined) throw inputGone(id);
      const asked = client();
      yield* download(asked, inputId, context.signal, (error) =>
        statusOf(error) === 404 ? inputGone(id, error) : toLangBatchError(error, "ask", asked),
      );
    },

    async clean(job, context) {
      context.signal?.throwIfAborted();
      const files = [...(job.inputId === undefined ? [] : [job.inputId]), ...resultFilesOf(job)];
      for (const fileId of files) await deleteFile(fileId, context);
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

function resultFilesOf({ detail }: Job): string[] {
  return [detail?.outputFileId, detail?.errorFileId].filter((id) => typeof id === "string");
}

function inputGone(jobId: string, cause?: unknown): LangBatchError {
  return new LangBatchError(
    "not_found",
    `The service no longer has the input of job ${jobId}, or does not show it to this key. Give the same input again.`,
    { provider: "openai", ...(cause !== undefined && { cause }) },
  );
}
