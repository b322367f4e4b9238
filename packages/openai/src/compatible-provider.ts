import {
  type BatchProvider,
  type CallContext,
  type Job,
  type JsonObject,
  LangBatchError,
} from "@langbatch/core";
import { getJobs, isWithoutList, statusOf } from "@langbatch/core/http";
import type OpenAI from "openai";
import { assertTaken } from "./assert-taken.js";
import { metadataOf, withMetadataRemedy } from "./create-metadata.js";
import type { OpenAIBatch } from "./openai-api.js";
import { toJob } from "./openai-convert.js";
import { readBatch } from "./read-batch.js";
import { type PageQuery, readPage } from "./read-page.js";
import { recoveryProbe } from "./recovery-probe.js";
import { refusingRedirects, signalOf } from "./request-options.js";
import { type ServiceCaller, serviceCaller } from "./service-caller.js";
import { named, type ServiceFiles, serviceFiles } from "./service-files.js";
import { type ServiceProfile, traitsOf } from "./service-profile.js";
import { withoutMark } from "./without-mark.js";

/** What a provider for a service that speaks OpenAI's Batch API is made of. */
export interface CompatibleOptions {
  /** Stored with every batch, and carried by errors: `openai`. */
  readonly id: string;
  /** The options that must be the same in every process: stored, so no secrets. */
  readonly settings: JsonObject;
  /** How long the service may take, as it writes that: `24h`. */
  readonly completionWindow: string;
  /** Shown with the job at the service. */
  readonly metadata: Readonly<Record<string, string>> | undefined;
  /** What the service takes. Called before there need be a key. */
  profile(): ServiceProfile;
  /**
   * A client of the service; called once, at the first request.
   *
   * @throws `missing_setting` where there is no key or address.
   */
  connect(): OpenAI;
  /** Where inputs and results lie. Default: the service's Files API. */
  files?(caller: ServiceCaller): ServiceFiles;
}

const probeMs = 10_000;

/** Runs jobs at a service that speaks OpenAI's Batch API. Reads and sends nothing yet. */
export function compatibleProvider(options: CompatibleOptions): BatchProvider {
  const { id: providerId, completionWindow, metadata, settings } = options;
  const caller = serviceCaller(() => ({
    client: options.connect(),
    profile: options.profile(),
    providerId,
  }));
  const { account, call, service } = caller;
  const files = (options.files ?? serviceFiles)(caller);

  function jobOf(batch: OpenAIBatch): Job {
    return toJob(batch, account.nameFor(service()));
  }

  /** Nothing where the service says 404. It may pass: a job just made can be invisible for a while. */
  async function retrieve(id: string, context: CallContext): Promise<Job | undefined> {
    try {
      const batch = await call("ask", context, async ({ client }) => {
        const asked = client.batches.retrieve(id, signalOf(context)).withResponse();
        const { data, response } = await asked;
        account.note(response.headers);
        return named(data, providerId);
      });
      return jobOf(batch);
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  async function jobsOfPage(
    query: PageQuery | undefined,
    context: CallContext,
    options: OpenAI.RequestOptions = signalOf(context),
  ) {
    const page = await call("ask", context, (asked) => readPage(asked, query, options));
    account.note(page.headers);
    return { jobs: page.batches.map(jobOf), next: page.next };
  }

  const probe = recoveryProbe(async () => {
    // Whoever stores a batch must not wait for a service that does not answer.
    const once = { maxRetries: 0, timeout: probeMs };
    return (await jobsOfPage(undefined, { endpoint: "" }, once)).jobs;
  });

  /** Nothing is proved by a list that does not exist or go on, however often it is asked for. */
  function noList(cause: unknown, what: string): LangBatchError {
    return new LangBatchError(
      "incomplete_listing",
      `${service().profile.name} does not show ${what} of batches, so that a job of which no answer came cannot be looked for`,
      { provider: providerId, retryable: true, cause },
    );
  }

  function listError(error: unknown, query: PageQuery | undefined): unknown {
    if (!query) return isWithoutList(error) ? noList(error, "its list") : error;
    // Of llm-d's gateway a page is asked for by its place, which an id is not.
    return statusOf(error) === 400 ? noList(error, "the rest of its list") : error;
  }

  return {
    specVersion: 1,
    id: providerId,
    settings,

    async traits({ endpoint }) {
      const profile = options.profile();
      assertTaken(profile, { endpoint, completionWindow, metadata, providerId });
      const isKnown = profile.keepsMetadata !== undefined;
      return traitsOf(profile, isKnown ? "search" : await probe());
    },

    upload: (input, context) => files.upload(input, context),

    async create(input, uploaded, context) {
      const { profile } = service();
      const shown = metadataOf(metadata, input.tag, profile, providerId);
      if (uploaded) await files.assertReady?.(uploaded.id, context);
      const body = {
        ...files.createFields(uploaded?.id ?? ""),
        endpoint: context.endpoint,
        completion_window: completionWindow,
        ...shown,
      } as unknown as OpenAI.BatchCreateParams;
      // The SDK would send it three times (npm `openai` 7.57.0, `client.js`, `maxRetries`).
      const once = { ...refusingRedirects(context), maxRetries: 0 };
      const batch = await call("create", context, async (asked) => {
        const response = await asked.client.batches.create(body, once).asResponse();
        account.note(response.headers);
        return readBatch(response, asked);
      }).catch((error: unknown) => {
        throw withMetadataRemedy(error, profile, providerId);
      });
      return jobOf(batch);
    },

    async *get(jobIds, context) {
      yield* getJobs<PageQuery>(jobIds, {
        retrieve: (id) => retrieve(id, context),
        readPage: (query) => jobsOfPage(query, context),
      });
    },

    async *list({ since }, context) {
      for (let query: PageQuery | undefined; ; ) {
        const page = await jobsOfPage(query, context).catch((error: unknown) => {
          throw listError(error, query);
        });
        const { jobs } = page;
        yield* jobs;
        // Newest first, so a page that is all too old is followed by none that is not.
        if (page.next === undefined || jobs.every((job) => isOlder(job, since))) return;
        query = page.next;
      }
    },

    async cancel(jobId, context) {
      await call("ask", context, async ({ client }) => {
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
        yield* withoutMark(files.download(fileId, context));
        yield lineEnd;
      }
    },

    discard: ({ id }, context) => files.remove(id, context),

    async account() {
      return account.nameFor(service());
    },

    async *input({ id, inputId }, context) {
      context.signal?.throwIfAborted();
      if (inputId === undefined) throw inputGone(id, providerId);
      try {
        yield* files.download(inputId, context);
      } catch (error) {
        throw statusOf(error) === 404 ? inputGone(id, providerId, error) : error;
      }
    },

    async clean(job, context) {
      context.signal?.throwIfAborted();
      const input = job.inputId === undefined ? [] : [job.inputId];
      for (const fileId of [...input, ...resultFilesOf(job)]) await files.remove(fileId, context);
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

function resultFilesOf({ detail }: Job): string[] {
  return [detail?.outputFileId, detail?.errorFileId].filter((id) => typeof id === "string");
}

function inputGone(jobId: string, providerId: string, cause?: unknown): LangBatchError {
  return new LangBatchError(
    "not_found",
    `The service no longer has the input of job ${jobId}, or does not show it to this key. Give the same input again.`,
    { provider: providerId, ...(cause !== undefined && { cause }) },
  );
}
