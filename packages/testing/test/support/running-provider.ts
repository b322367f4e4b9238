import { setImmediate } from "node:timers/promises";
import {
  type BatchProvider,
  type CallContext,
  type Job,
  type Journal,
  LangBatchError,
  type RequestLine,
} from "@langbatch/core";
import type { ProviderUnderTest } from "../../src/index.js";
import { secret } from "./memory-provider.js";

/** A provider that runs jobs in the process that waits. */
export type RunningProvider = BatchProvider & Required<Pick<BatchProvider, "account" | "run">>;

/** A right provider and its service, both in memory. One request is on its way at a time. */
export function provideByRunning(): ProviderUnderTest & { readonly provider: RunningProvider } {
  let asked = 0;
  let isCutOff = false;

  async function answer({ custom_id }: RequestLine, { tag = "", account }: Job): Promise<string> {
    if (isCutOff) {
      throw new LangBatchError("provider_failed", "The connection broke.", { retryable: true });
    }
    asked += 1;
    await setImmediate();
    const response = { status_code: 200, body: { account } };
    return JSON.stringify({ id: idOf(tag, custom_id), custom_id, response, error: null });
  }

  const provider: RunningProvider = {
    specVersion: 1,
    id: "running",
    settings: {},
    traits: async () => ({
      maxRequests: 1_000,
      maxBytes: 1_000_000,
      oneModel: false,
      recovery: "token",
    }),
    async create({ tag, requests }, _, { endpoint }) {
      return {
        id: tag,
        tag,
        status: "in_progress",
        rawStatus: "in_progress",
        createdAt: 1_700_000_000_000,
        requests,
        endpoint,
        account,
      };
    },
    get: neverAsked,
    list: neverAsked,
    async cancel() {
      neverAsked();
    },
    account: async () => account,
    async *run(job, { data, requests }, journal, { signal }) {
      signal?.throwIfAborted();
      const done = await answeredIn(journal, job);
      const seen = (): Job => ({
        ...job,
        counts: { total: requests, completed: done.size, failed: 0 },
      });
      yield seen();
      for (const request of requestsOf(await data.text())) {
        if (done.has(request.custom_id)) continue;
        signal?.throwIfAborted();
        await journal.append(Buffer.from(`${await answer(request, job)}\n`));
        done.add(request.custom_id);
        yield seen();
      }
      yield { ...seen(), status: "completed", rawStatus: "completed" };
    },
    async *results(_job, { signal }: CallContext, journal) {
      signal?.throwIfAborted();
      if (journal) yield* journal.read();
    },
  };

  return {
    provider,
    endpoint: "/v1/chat/completions",
    model: "test-model",
    secret,
    finish() {},
    async dispose() {},
    requestsAsked: () => asked,
    cutOff() {
      isCutOff = true;
    },
  };
}

const account = "memory.test/somebody";

/** What a line goes by in a journal. */
function idOf(tag: string, customId: string): string {
  return `${tag} ${customId}`;
}

function neverAsked(): never {
  throw new LangBatchError("provider_failed", "There is nobody who could be asked.");
}

async function answeredIn(journal: Journal, { tag = "" }: Job): Promise<Set<string>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of journal.read()) chunks.push(chunk);
  const answered = new Set<string>();
  for (const line of Buffer.concat(chunks).toString("utf8").split("\n")) {
    const { id, custom_id } = parsed(line);
    if (custom_id !== undefined && id === idOf(tag, custom_id)) answered.add(custom_id);
  }
  return answered;
}

function parsed(line: string): { readonly id?: string; readonly custom_id?: string } {
  try {
    return JSON.parse(line) ?? {};
  } catch {
    return {};
  }
}

function requestsOf(text: string): RequestLine[] {
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
}
