import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FakeHttpRequest } from "../fake-http/fake-http-request.js";
import {
  createHttpFaultQueue,
  type HttpFault,
  type RequestMatch,
} from "../fake-http/http-fault.js";
import { runServer } from "../fake-http/run-server.js";
import { createClock, type FakeClock } from "../fake-server/clock.js";
import type { FakeAccount } from "./accounts.js";
import { createBatchStore } from "./batches.js";
import type { DialectName } from "./dialects/dialect.js";
import { dialects } from "./dialects/dialects.js";
import type { FakeBlobs } from "./fake-blobs.js";
import { createFileStore } from "./files.js";
import { createJobFaultQueue, type JobFault } from "./job-faults.js";
import type { FakeFile, FakeJob } from "./ledger.js";
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
  /** The service it speaks like, as far as that is documented. Default: `openai`. */
  readonly dialect?: DialectName;
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
  /** The largest upload. Default: the service's, 200,000,000 bytes at OpenAI. */
  readonly maxFileBytes?: number;
  /** The most requests in one batch. Default: the service's, 50,000 at OpenAI. */
  readonly maxRequests?: number;
  /** The most embedding inputs in one batch. Default: 50,000. */
  readonly maxEmbeddingInputs?: number;
  /** How many batches of an account may be active; one more is refused. Default: any number. */
  readonly maxActiveBatches?: number;
  /**
   * How many tokens, of four bytes each, the inputs of an account's active batches may have. The batch
   * that brings more is created and fails with `token_limit_exceeded`. Default: any number.
   */
  readonly maxEnqueuedTokens?: number;
  /** How long an upload is `pending` before a batch may be made of it. Default: 0. */
  readonly filePendingMs?: number;
  /**
   * How many inputs may lie there, deleted and expired ones not counted. Default: at Azure 500, or
   * 10,000 of those that expire; elsewhere any number.
   */
  readonly maxFiles?: number;
  /** The models there are, or deployments. Default: any. */
  readonly deployments?: readonly string[];
  /** Where batches read and write that go through a storage account of their user. Default: nowhere. */
  readonly blobs?: FakeBlobs;
  /** What `retry-after` says where `maxActiveBatches` refuses, in seconds. Default: no such header. */
  readonly retryAfterSeconds?: number;
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
  const dialect = dialects[options.dialect ?? "openai"];
  const faults = createHttpFaultQueue();
  const jobFaults = createJobFaultQueue();
  const files = createFileStore(clock.now);
  const batches = createBatchStore({
    directory,
    files,
    faults: jobFaults,
    now: clock.now,
    times: {
      validatingMs: options.validatingMs ?? 1000,
      runningMs: options.runningMs ?? 10_000,
      finalizingMs: options.finalizingMs ?? 1000,
      cancellingMs: options.cancellingMs ?? 1000,
      completionWindowMs: options.completionWindowMs ?? 86_400_000,
    },
    dialect,
    blobs: options.blobs,
    rules: {
      dialect,
      models: options.deployments,
      maxRequests: options.maxRequests ?? dialect.maxRequests,
      maxEmbeddingInputs: options.maxEmbeddingInputs ?? 50_000,
    },
    room: {
      maxActiveBatches: options.maxActiveBatches ?? Number.POSITIVE_INFINITY,
      maxEnqueuedTokens: options.maxEnqueuedTokens ?? Number.POSITIVE_INFINITY,
      retryAfterSeconds: options.retryAfterSeconds,
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
    dialect,
    maxFileBytes: options.maxFileBytes ?? dialect.maxFileBytes,
    maxFiles:
      options.maxFiles === undefined ? dialect.maxFiles : [options.maxFiles, options.maxFiles],
    filePendingMs: options.filePendingMs ?? 0,
    now: clock.now,
    takeFault: faults.take,
    note: (request) => requests.push(request),
  };

  const server = await runServer((request, response) => serveRequest(context, request, response));

  return {
    url: `http://127.0.0.1:${server.port}${dialect.basePaths[0]}`,
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
      faults.add(match, fault, times);
    },

    failJob(ordered, times = 1) {
      jobFaults.addJob([ordered].flat(), times);
    },

    async close() {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
