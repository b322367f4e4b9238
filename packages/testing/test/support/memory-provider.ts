import {
  type BatchProvider,
  type CallContext,
  type Job,
  LangBatchError,
  type ProviderTraits,
  type RequestLine,
  type WireFormat,
} from "@langbatch/core";
import type { ProviderUnderTest } from "../../src/index.js";

/** What no provider may store or show. */
export const secret = "sk-test-canary";

/** A provider that offers what others may leave out. */
export type MemoryProvider = BatchProvider &
  Required<Pick<BatchProvider, "upload" | "discard" | "account" | "input" | "clean">>;

/** A right provider and its service, both in memory. Its jobs end when `finish` is called. */
export function provideFromMemory(
  recovery: ProviderTraits["recovery"],
): ProviderUnderTest & { readonly provider: MemoryProvider } {
  const inputs = new Map<string, Blob>();
  const jobs = new Map<string, Job>();
  const outputs = new Map<string, string>();
  let createFault: "refused" | "no-room" | "answer-lost" | undefined;
  let isNextFailing = false;
  let isCutOff = false;
  let account = "memory.test";

  function enter({ signal }: CallContext): void {
    signal?.throwIfAborted();
    if (isCutOff) throw new LangBatchError("provider_failed", "The connection broke.");
    account = "memory.test/somebody";
  }

  /** Where only results tell whose a job is, it shows nothing else. */
  function report({ tag, inputId, ...job }: Job): Job {
    return recovery === "content"
      ? job
      : { ...job, ...(tag && { tag }), ...(inputId && { inputId }) };
  }

  /** What a job does not say itself where it shows nothing. */
  const inputOf = (id: string) => (recovery === "content" && jobs.get(id)?.inputId) || "";

  function change(job: Job, news: Partial<Job>): void {
    jobs.set(job.id, { ...job, ...news, rawStatus: news.status ?? job.status });
  }

  const provider: MemoryProvider = {
    specVersion: 1,
    id: "memory",
    settings: { recovery },

    async traits() {
      const traits = { maxRequests: 100, maxBytes: 1_000_000, oneModel: false, recovery };
      return recovery === "content" ? { ...traits, wire, wireId: /^[A-Za-z0-9]{1,64}$/ } : traits;
    },

    async upload(input, context) {
      enter(context);
      const id = `input-${inputs.size + 1}`;
      inputs.set(id, input.data);
      return { id };
    },

    async create(input, uploaded, context) {
      enter(context);
      const fault = createFault;
      createFault = undefined;
      if (fault === "no-room") throw new LangBatchError("quota", "The queue is full.");
      const inputId = uploaded?.id ?? "";
      const data = inputs.get(inputId);
      if (fault === "refused" || !data) throw new LangBatchError("rejected", "It is no input.");
      const known = [...jobs.values()].find(({ tag }) => tag === input.tag);
      if (recovery === "token" && known) return known;
      const job: Job = {
        id: `job-${jobs.size + 1}`,
        status: "validating",
        rawStatus: "validating",
        createdAt: 1_700_000_000_000 + jobs.size,
        tag: input.tag,
        inputId,
        endpoint: context.endpoint,
        account,
        detail: { isFailing: isNextFailing },
      };
      jobs.set(job.id, job);
      outputs.set(job.id, isNextFailing ? "" : answer(await data.text()));
      isNextFailing = false;
      if (fault) throw new LangBatchError("provider_failed", "The connection broke.");
      return report(job);
    },

    async *get(jobIds, context) {
      for (const id of jobIds) {
        enter(context);
        const job = jobs.get(id);
        if (job) yield report(job);
      }
    },

    async *list({ since, tag = "" }, context) {
      enter(context);
      for (const job of jobs.values()) {
        if (job.createdAt >= since && job.tag?.startsWith(tag)) yield report(job);
      }
    },

    async cancel(jobId, context) {
      enter(context);
      const job = jobs.get(jobId);
      if (!job) throw new LangBatchError("provider_failed", "Nobody knows the job.");
      if (job.status === "validating") change(job, { status: "cancelling" });
    },

    async *results({ id }, context) {
      enter(context);
      yield Buffer.from(outputs.get(id) ?? "");
    },

    async discard({ id }, context) {
      enter(context);
      inputs.delete(id);
    },

    async account() {
      return account;
    },

    async *input({ id, inputId = inputOf(id) }, context) {
      enter(context);
      const data = inputs.get(inputId);
      if (!data) throw new LangBatchError("not_found", `The input of ${id} is gone.`);
      yield Buffer.from(await data.arrayBuffer());
    },

    async clean({ id, inputId = inputOf(id) }, context) {
      enter(context);
      inputs.delete(inputId);
      outputs.delete(id);
    },
  };

  return {
    provider,
    endpoint: "/v1/chat/completions",
    model: "test-model",
    secret,
    finish() {
      for (const job of jobs.values()) {
        if (job.detail?.isFailing === true) {
          const failure = { kind: "input", code: "invalid", message: "A line is wrong." } as const;
          change(job, { status: "failed", failure });
        } else if (job.status === "cancelling") change(job, { status: "cancelled" });
        else if (job.status === "validating") change(job, { status: "completed" });
      }
    },
    async dispose() {},
    jobsCreated: () => jobs.size,
    failNextCreate(how) {
      createFault = how;
    },
    failNextJob() {
      isNextFailing = true;
    },
    cutOff() {
      isCutOff = true;
    },
  };
}

/** The request lines under other ids, and results as they are. */
const wire: WireFormat = {
  encode: ({ request, wireId }) => Buffer.from(JSON.stringify({ ...request, custom_id: wireId })),
  decode: (line) => JSON.parse(Buffer.from(line).toString("utf8")),
};

/** The result lines of these request lines. */
function answer(input: string): string {
  const requests = input.split("\n").filter((line) => line !== "");
  return requests
    .map((line) => {
      const { custom_id }: RequestLine = JSON.parse(line);
      const response = { status_code: 200, body: {} };
      return `${JSON.stringify({ custom_id, response, error: null })}\n`;
    })
    .join("");
}
