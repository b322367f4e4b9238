import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FakeAccount } from "./accounts.js";
import { createBatchStore } from "./batches.js";
import { createClock, type FakeClock } from "./clock.js";
import { createFaultQueue, type HttpFault, type JobFault, type RequestMatch } from "./faults.js";
import { createFileStore } from "./files.js";
import type { FakeFile, FakeHttpRequest, FakeJob } from "./ledger.js";
import type { AnswerScript } from "./outcome.js";
import { type ServeContext, serveRequest } from "./serve-request.js";

/** How a fake server behaves. All times are milliseconds of its own clock. */
export interface FakeOpenAIOptions {
  /** The only key that is let in. Default: any key, but there must be one. */
  readonly apiKey?: string;
  /**
   * The accounts of the keys that are let in: each sees the files and batches of its own organisation
   * and project alone. Default: all keys share one account.
   */
  readonly accounts?: Readonly<Record<string, FakeAccount>>;
  /**
   * `fake`: stands still at a fixed date until a test advances it. `real`: runs by itself, for demos.
   * Default: `fake`.
   */
  readonly clock?: "fake" | "real";
  /** What becomes of each request. Default: all succeed with a realistic answer. */
  readonly answer?: AnswerScript;
  /** Decides the order of the results. Default: 1. */
  readonly seed?: number;
  /** How long a batch is `validating`. Default: 1,000. */
  readonly validatingMs?: number;
  /** How long it is `in_progress`; requests are answered evenly over this time. Default: 10,000. */
  readonly runningMs?: number;
  /** How long it is `finalizing`. Default: 1,000. */
  readonly finalizingMs?: number;
  /** How long it is `cancelling`. Default: 1,000. */
  readonly cancellingMs?: number;
  /** When a batch that is not answered expires, counted from its creation. Default: 24 hours. */
  readonly completionWindowMs?: number;
  /** The largest upload. Default: 200,000,000 bytes. */
  readonly maxFileBytes?: number;
  /** The most requests in one batch. Default: 50,000. */
  readonly maxRequests?: number;
  /** The most embedding inputs in one batch. Default: 50,000. */
  readonly maxEmbeddingInputs?: number;
}

/** A running fake server, and what a test can do to it and ask of it. */
export interface FakeOpenAI {
  /** What an OpenAI client takes as its base URL: `http://127.0.0.1:40213/v1`. */
  readonly url: string;
  readonly clock: FakeClock;
  /** Every HTTP request seen so far, oldest first. */
  readonly requests: readonly FakeHttpRequest[];
  /** Every batch ever accepted, oldest first, as it stands now. */
  readonly jobs: readonly FakeJob[];
  /** Every file ever kept, oldest first, the deleted ones included. */
  readonly files: readonly FakeFile[];
  /** The bytes a batch was created from, also where the file is deleted by now. */
  inputOf(jobId: string): Promise<Uint8Array>;
  /** Spoils the next requests that match. Earlier orders come first. Default for `times`: 1. */
  failNext(match: RequestMatch, fault: HttpFault, times?: number): void;
  /** Spoils the next batches that are created, each with all these faults. Default for `times`: 1. */
  failJob(faults: JobFault | readonly JobFault[], times?: number): void;
  /** Breaks every open connection and deletes every file. */
  close(): Promise<void>;
}

/**
 * Starts a fake of OpenAI's Files and Batch APIs on a free port of 127.0.0.1. It keeps state as
 * OpenAI does, and its files in a temporary directory, so that inputs of any size leave its memory
 * flat. Close it, or the directory stays.
 */
export async function startFakeOpenAI(options: FakeOpenAIOptions = {}): Promise<FakeOpenAI> {
  const directory = await mkdtemp(join(tmpdir(), "fake-openai-"));
  const clock = createClock(options.clock ?? "fake");
  const faults = createFaultQueue();
  const files = createFileStore(clock.now);
  const batches = createBatchStore({
    directory,
    files,
    faults,
    now: clock.now,
    times: {
      validatingMs: options.validatingMs ?? 1000,
      runningMs: options.runningMs ?? 10_000,
      finalizingMs: options.finalizingMs ?? 1000,
      cancellingMs: options.cancellingMs ?? 1000,
      completionWindowMs: options.completionWindowMs ?? 86_400_000,
    },
    limits: {
      maxRequests: options.maxRequests ?? 50_000,
      maxEmbeddingInputs: options.maxEmbeddingInputs ?? 50_000,
    },
    answer: options.answer ?? (() => ({ kind: "succeed" })),
    seed: options.seed ?? 1,
  });
  const requests: FakeHttpRequest[] = [];
  const context: ServeContext = {
    keys: { apiKey: options.apiKey, accounts: options.accounts },
    files,
    batches,
    directory,
    maxFileBytes: options.maxFileBytes ?? 200_000_000,
    now: clock.now,
    takeFault: faults.takeHttp,
    note: (request) => requests.push(request),
  };

  // A slow upload is not cut, and a connection is not closed under a client about to reuse it.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 120_000 });
  const serving = new Set<Promise<void>>();
  server.on("request", (request, response) => {
    const served = serveRequest(context, request, response);
    serving.add(served);
    void served.finally(() => serving.delete(served));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/v1`,
    clock,
    requests,

    get jobs() {
      return Array.from(batches.all.values(), (batch) => ({
        id: batch.id,
        inputFileId: batch.params.inputFileId,
        endpoint: batch.params.endpoint,
        metadata: batch.params.metadata ?? {},
        createdAt: batch.createdAt,
        status: batches.lifeOf(batch).status,
        requests: batch.played.requests,
      }));
    },

    get files() {
      return Array.from(files.all.values(), (file) => ({
        id: file.id,
        name: file.name,
        bytes: file.bytes,
        purpose: file.purpose,
        createdAt: file.createdAt,
        deleted: file.deleted,
      }));
    },

    async inputOf(jobId) {
      const path = files.all.get(batches.all.get(jobId)?.params.inputFileId ?? "")?.path;
      if (path === undefined) throw new Error(`The fake server has accepted no batch ${jobId}.`);
      return readFile(path);
    },

    failNext(match, fault, times = 1) {
      faults.addHttp(match, fault, times);
    },

    failJob(ordered, times = 1) {
      faults.addJob([ordered].flat(), times);
    },

    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await Promise.all(serving);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
