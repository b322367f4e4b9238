import {
  Batch,
  type BatchParts,
  type BatchProvider,
  type ChatCompletions,
  chatCompletions,
  type Job,
  type JobFailure,
  type JobStatus,
  LangBatchError,
  memoryStorage,
  type Ports,
  type ProviderTraits,
  type RequestLine,
  type Storage,
} from "@langbatch/core";

/** How one request ends at the provider of a test. */
type ScriptedEnd = "succeed" | "fail" | "drop";

/** A job at the provider of a test. */
interface WorldJob {
  readonly id: string;
  readonly tag: string;
  readonly inputId: string;
  readonly createdAt: number;
  readonly lines: readonly string[];
  status: JobStatus;
  /** Why it failed as a whole, where it did. */
  failure?: JobFailure;
}

/** A provider, its ledger and a clock; what the test decides about them. */
export interface World {
  readonly provider: BatchProvider;
  readonly storage: Storage;
  readonly ports: Ports;
  /** Every job that was ever created: what would be paid for. */
  readonly jobs: WorldJob[];
  /** Every input that was ever uploaded and not discarded. */
  readonly uploads: Map<string, string>;
  /** The jobs of which the provider keeps nothing any more. */
  readonly cleaned: Set<string>;
  /** Whose jobs the key in use sees. */
  account: string;
  /** What the user was told unasked. */
  readonly warnings: string[];
  /** What was kept outside the storage. */
  readonly emergencies: string[];
  readonly traits: { -readonly [Name in keyof ProviderTraits]: ProviderTraits[Name] };
  /** How requests end. Default: all succeed. */
  end: (customId: string) => ScriptedEnd;
  /** How jobs end. Default: `completed`. */
  finalStatus: JobStatus;
  /** Called before the answer of a create is given; may throw in its place. */
  onCreate: (job: WorldJob) => void;
  /** How long a job runs, in milliseconds. Default: 60 000. */
  runsMs: number;
}

/** The batches of tests: chat completions at the world's provider. */
export class TestBatch extends Batch<ChatCompletions, { readonly world: World }> {
  static readonly parts: BatchParts<ChatCompletions, { readonly world: World }> = {
    endpoint: chatCompletions,
    provider: (kwargs) => {
      if (!kwargs) throw new TypeError("A test batch needs its world.");
      return kwargs.world.provider;
    },
    storage: memoryStorage,
  };
}

/** What every batch of a test takes. */
export function optionsOf(world: World): {
  readonly storage: Storage;
  readonly batchKwargs: { readonly world: World };
  readonly ports: Ports;
} {
  return { storage: world.storage, batchKwargs: { world }, ports: world.ports };
}

export function openWorld(storage: Storage = memoryStorage()): World {
  let now = Date.UTC(2026, 0, 1);
  let ids = 0;
  let uploaded = 0;
  const jobs: WorldJob[] = [];
  const uploads = new Map<string, string>();
  const warnings: string[] = [];
  const emergencies: string[] = [];
  const cleaned = new Set<string>();

  const toJob = (job: WorldJob): Job => {
    if (job.status === "in_progress" && now >= job.createdAt + world.runsMs) {
      job.status = world.finalStatus;
    }
    const { id, tag, inputId, createdAt, status, failure } = job;
    const { account } = world;
    const endpoint = chatCompletions.url;
    const said = { id, tag, inputId, createdAt, status, rawStatus: status, endpoint, account };
    return failure ? { ...said, failure } : said;
  };

  const provider: BatchProvider = {
    specVersion: 1,
    id: "world",
    settings: {},
    async traits() {
      return world.traits;
    },
    async upload({ data }) {
      uploaded += 1;
      const id = `file-${uploaded}`;
      uploads.set(id, await data.text());
      return { id };
    },
    async create({ tag }, input) {
      const text = uploads.get(input?.id ?? "");
      if (text === undefined) throw new LangBatchError("rejected", "There is no such input.");
      const job: WorldJob = {
        id: `job-${jobs.length + 1}`,
        tag,
        inputId: input?.id ?? "",
        createdAt: now,
        lines: text.split("\n").filter(Boolean),
        status: "in_progress",
      };
      jobs.push(job);
      world.onCreate(job);
      return toJob(job);
    },
    async *get(jobIds) {
      for (const job of jobs) if (jobIds.includes(job.id)) yield toJob(job);
    },
    async *list({ since }) {
      for (const job of jobs.toReversed()) if (job.createdAt >= since) yield toJob(job);
    },
    async cancel(jobId) {
      const job = jobs.find(({ id }) => id === jobId);
      if (job && job.status === "in_progress") job.status = "cancelled";
    },
    async *results({ id }) {
      const job = jobs.find((known) => known.id === id);
      if (!job || job.status === "failed") return;
      // The order of no provider is that of the input.
      for (const line of job.lines.toReversed()) {
        const { custom_id } = JSON.parse(line);
        const end = job.status === "cancelled" ? "drop" : world.end(custom_id);
        if (end === "drop") continue;
        yield Buffer.from(`${JSON.stringify(resultLine(custom_id, end === "succeed"))}\n`);
      }
    },
    async discard({ id }) {
      uploads.delete(id);
    },
    async account() {
      return world.account;
    },
    async *input({ inputId = "" }) {
      const text = uploads.get(inputId);
      if (text === undefined) throw new LangBatchError("not_found", "There is no such input.");
      yield Buffer.from(text);
    },
    async clean({ id, inputId = "" }) {
      uploads.delete(inputId);
      cleaned.add(id);
    },
  };

  const world: World = {
    provider,
    storage,
    jobs,
    uploads,
    warnings,
    emergencies,
    cleaned,
    account: "world/us",
    traits: { maxRequests: 1000, maxBytes: 1_000_000, oneModel: true, recovery: "search" },
    end: () => "succeed",
    finalStatus: "completed",
    onCreate: () => {},
    runsMs: 60_000,
    ports: {
      now: () => now,
      elapsed: () => now,
      async sleep(ms, signal) {
        signal?.throwIfAborted();
        now += ms;
      },
      timeout: () => new AbortController().signal,
      random: () => 0.5,
      newId() {
        ids += 1;
        return `id${String(ids).padStart(18, "0")}`;
      },
      warn: (message) => void warnings.push(message),
      emergency: async (line) => void emergencies.push(line),
    },
  };
  return world;
}

/** Every request that was ever sent, parsed. */
export function linesSent(world: World): RequestLine[] {
  return world.jobs.flatMap(({ lines }) => lines.map((line) => JSON.parse(line)));
}

/** Starts the batch, and gives the bodies of every request that was ever sent. */
export async function bodiesSent(
  world: World,
  batch: { start(): Promise<void> },
): Promise<unknown[]> {
  await batch.start();
  return linesSent(world).map(({ body }) => body);
}

/** An OpenAI result line of a chat completion. */
export function resultLine(customId: string, isSuccess = true): object {
  return isSuccess
    ? {
        id: `batch_req_${customId}`,
        custom_id: customId,
        response: {
          status_code: 200,
          request_id: `req_${customId}`,
          body: {
            id: `chatcmpl-${customId}`,
            object: "chat.completion",
            created: 1,
            model: "test-model",
            choices: [
              {
                index: 0,
                finish_reason: "stop",
                message: { role: "assistant", content: `answer to ${customId}` },
              },
            ],
            usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
          },
        },
        error: null,
      }
    : {
        id: `batch_req_${customId}`,
        custom_id: customId,
        response: {
          status_code: 400,
          request_id: `req_${customId}`,
          body: { error: { code: "bad_request", message: "It was a bad request." } },
        },
        error: null,
      };
}

/** A chat request line. */
export function chatLine(customId: string, fields: object = {}): Record<string, unknown> {
  return {
    custom_id: customId,
    method: "POST",
    url: "/v1/chat/completions",
    body: {
      model: "test-model",
      messages: [{ role: "user", content: `question ${customId}` }],
      ...fields,
    },
  };
}
